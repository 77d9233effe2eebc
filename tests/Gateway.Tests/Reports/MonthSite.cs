using System.Globalization;
using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Rules;
using Gateway.Testing;

namespace Gateway.Tests.Reports;

/// <summary>A site of 60 devices as there are many: eight cranes with two devices each, four hoists with two, two piling machines, twelve dust monitors, twenty-two cameras. April 2026, Asia/Shanghai.</summary>
/// <remarks>The first two cranes hang on one bus. Device n speaks (n + 1)/120 of the expected interval behind every beat: nobody at the same time.</remarks>
internal sealed class MonthSite
{
    public const string Bus = "b1";

    private static readonly (string Kind, string Profile, string Field, int Count, bool Safety)[] Classes =
    [
        ("crane", "crane-json", "height_m", 16, true), ("hoist", "hoist-json", "height_m", 8, true), ("piling", "piling-json", "tilt_x_deg", 2, true), ("dust", "dust-json", "temp_c", 12, false), ("camera", "camera-json", "fps", 22, false),
    ];

    private readonly Problems _problems = new();

    /// <param name="expectedSeconds">How often each device speaks; offline after three times that.</param>
    public MonthSite(int expectedSeconds)
    {
        ExpectedMs = expectedSeconds * 1000L;
        Catalog = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), _problems);
        Rules = [.. Repository.ReadAll("src/Gateway.Service/rules", ".json").SelectMany(f => RulePackReader.Read(f.File, f.Utf8, _problems))];
        Ledger = LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(Text(expectedSeconds)), Catalog.KindsByProfile, _problems) ?? throw new InvalidOperationException(string.Join("; ", _problems.Items));
    }

    public long ExpectedMs { get; }

    public ProfileCatalog Catalog { get; }

    public IReadOnlyList<Rule> Rules { get; }

    public SiteLedger Ledger { get; }

    public TimeZoneInfo Zone => Ledger.Site.TimeZone;

    public int IndexOf(string device) => Ledger.Devices.Select(d => d.Id).ToList().IndexOf(device);

    /// <summary>How far behind the beat it speaks, ms.</summary>
    public long BehindMs(int index) => ExpectedMs / 120 * (index + 1);

    public long BehindMs(string device) => BehindMs(IndexOf(device));

    /// <summary>The field each device of a kind proves life with: none that says that a machine works.</summary>
    public static string FieldOf(string kind) => Classes.First(c => c.Kind == kind).Field;

    /// <summary>Unix time of a moment of April 2026 on the site's clocks, ms.</summary>
    public static long At(int day, int hour = 0, int minute = 0, double second = 0) => (long)(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.FromHours(8)).AddDays(day - 1).AddHours(hour).AddMinutes(minute).AddSeconds(second) - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    private static string Text(int expectedSeconds) => $$"""
        { "version": 1, "site": { "id": "lotus", "name": { "zh": "莲塘工地", "en": "Lotus Pond site" }, "timeZone": "Asia/Shanghai" },
          "enterprises": [ { "id": "builder", "name": { "zh": "总包单位", "en": "Main contractor" }, "role": "contractor" } ],
          "buses": [ { "id": "{{Bus}}", "name": { "zh": "塔机黑匣子总线", "en": "Bus of the cranes' boxes" }, "port": "/dev/none", "protocol": "goyo" } ],
          "devices": [ {{string.Join(',', Devices(expectedSeconds))}} ],
          "operators": [
            { "id": "op-1", "name": { "zh": "张某", "en": "Zhang" }, "certificates": [ { "type": "tower-crane-driver", "number": "浙A052024000001", "validFrom": "2024-01-01", "validTo": "2026-04-15" } ] },
            { "id": "op-2", "name": { "zh": "李某", "en": "Li" }, "certificates": [ { "type": "tower-crane-driver", "number": "浙A052024000002", "validFrom": "2024-01-01", "validTo": "2027-12-31" } ] } ],
          "policies": [
            { "number": "AZX-1", "insurer": { "zh": "某保险", "en": "An insurer" }, "validFrom": "2026-01-01", "validTo": "2026-04-14" },
            { "number": "AZX-2", "insurer": { "zh": "某保险", "en": "An insurer" }, "validFrom": "2026-04-17", "validTo": "2027-04-16" } ] }
        """;

    private static IEnumerable<string> Devices(int expectedSeconds)
    {
        foreach (var (kind, profile, _, count, safety) in Classes)
            for (int n = 1; n <= count; n++)
            {
                bool box = kind == "crane" && n <= 2;
                string link = box ? string.Create(CultureInfo.InvariantCulture, $$""" "link": "goyo", "profile": "goyo-v01-crane", "bus": "{{Bus}}", "station": "{{390600 + n}}" """) : $$""" "link": "mqtt", "profile": "{{profile}}" """;
                yield return $$"""{ "id": "{{kind}}-{{n}}", "name": { "zh": "{{kind}} {{n}} 号", "en": "{{kind}} {{n}}" }, "kind": "{{kind}}", {{link}}, "safety": {{(safety ? "true" : "false")}}, "inService": "2026-01-01", "expectedIntervalSeconds": {{expectedSeconds}}, "offlineAfterSeconds": {{3 * expectedSeconds}} }""";
            }
    }
}
