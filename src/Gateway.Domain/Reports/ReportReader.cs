using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;

namespace Gateway.Domain.Reports;

/// <summary>Reads back what a report was told, without what it concluded: everything but the rows of the chain.</summary>
internal static class ReportReader
{
    /// <summary>The bytes of the report inside the file, and whether the hash in the foot is theirs; null when the file has another form.</summary>
    public static (ReadOnlyMemory<byte> Report, bool HashFits)? Open(ReadOnlyMemory<byte> file)
    {
        int footBytes = ReportJson.Foot.Length + 64 + "\"}\n".Length, reportBytes = file.Length - ReportJson.Head.Length - footBytes;
        if (reportBytes <= 0 || !file.Span.StartsWith(ReportJson.Head)) return null;
        var report = file.Slice(ReportJson.Head.Length, reportBytes);
        var foot = file.Span[^footBytes..];
        if (!foot.StartsWith(ReportJson.Foot) || !foot.EndsWith("\"}\n"u8)) return null;
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(report.Span));
        return (report, foot.Slice(ReportJson.Foot.Length, 64).SequenceEqual(System.Text.Encoding.ASCII.GetBytes(sha256)));
    }

    /// <summary>The input, its presence, lifecycle and chained working time and data counts still empty.</summary>
    /// <exception cref="FormatException">A member is missing or of another kind.</exception>
    public static ReportInput Input(JsonElement report)
    {
        try
        {
            return Read(report);
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException(broken.Message, broken);
        }
    }

    private static ReportInput Read(JsonElement report)
    {
        if (report.GetProperty("format").GetString() is var format && format != ReportJson.Format) throw new FormatException($"format {format}, expected {ReportJson.Format}");
        var (site, window, policy, evidence, basis) = (report.GetProperty("site"), report.GetProperty("window"), report.GetProperty("policy"), report.GetProperty("evidence"), report.GetProperty("basis"));
        var days = window.GetProperty("days").EnumerateArray().Select(d => new CivilDay(Date(d[0]), d[1].GetInt64(), d[2].GetInt64())).ToList();
        return new ReportInput(
            new ReportSite(Text(site, "id"), Name(site), Text(site, "zone")),
            new ReportEvidence(Text(evidence, "gateway"), Text(evidence, "ledgerSha256"), Number(evidence, "headSeq"), Text(evidence, "headHash")),
            new AccountWindow(Word<WindowKind>(report, "kind"), Number(window, "fromMs"), Number(window, "toMs"), days),
            Number(window, "asOfMs"),
            new ReportPolicy(Text(policy, "unknownCounts") == "excluded" ? UnknownCounts.Excluded : UnknownCounts.AsNotOnline, new LifecyclePolicy((int)Number(policy, "suspensionDaysMax"), Number(policy, "lateAfterMs"))),
            [.. Each(basis, "enterprises", e => new Enterprise(Text(e, "id"), Name(e), Text(e, "role")))],
            [.. Each(report, "devices", Device)],
            [.. Each(basis, "operators", o => new Operator(Text(o, "id"), Name(o), [.. Each(o, "certificates", c => new Certificate(Text(c, "type"), Text(c, "number"), Date(c.GetProperty("validFrom")), Date(c.GetProperty("validTo"))))]))],
            [.. Each(basis, "policies", p => new Policy(Text(p, "number"), Name(p), Date(p.GetProperty("validFrom")), Date(p.GetProperty("validTo"))))],
            [],
            [.. Each(basis, "open", o => new OpenInterval(Text(o, "device"), Word<PresenceState>(o, "state"), Text(o, "cause"), Number(o, "fromMs")))],
            [],
            [.. Each(basis, "work", w => new WorkingInterval(Text(w, "device"), Number(w, "fromMs"), Number(w, "toMs"), w.TryGetProperty("operator", out var person) ? person.GetString() : null, Number(w, "seq"))).Where(w => w.Seq == 0)],
            [.. Each(basis, "data", d => new DataDay(Text(d, "device"), Date(d.GetProperty("date")), new DataQuality(Number(d, "expected"), Number(d, "received"), Number(d, "valid")), Number(d, "seq"))).Where(d => d.Seq == 0)]);
    }

    private static AccountDevice Device(JsonElement device) => new(Text(device, "id"), Name(device), Text(device, "kind"), device.TryGetProperty("enterprise", out var enterprise) ? enterprise.GetString() : null,
        device.GetProperty("safety").GetBoolean(), new ServiceTime(Text(device, "id"), Optional(device, "serviceFromMs"), Optional(device, "serviceToMs")));

    private static IEnumerable<T> Each<T>(JsonElement parent, string name, Func<JsonElement, T> read) => parent.GetProperty(name).EnumerateArray().Select(read);

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    private static long Number(JsonElement parent, string name) => parent.GetProperty(name).GetInt64();

    private static long? Optional(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    private static LocalText Name(JsonElement parent) => new(Text(parent, "zh"), Text(parent, "en"));

    private static DateOnly Date(JsonElement text) => DateOnly.ParseExact(text.GetString() ?? "", "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static T Word<T>(JsonElement parent, string name) where T : struct, Enum
    {
        string word = Text(parent, name);
        foreach (var value in Enum.GetValues<T>())
            if (ReportJson.WordOf(value) == word) return value;
        throw new FormatException($"{name} is \"{word}\", which is no {typeof(T).Name}");
    }
}
