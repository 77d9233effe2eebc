using System.Text;
using System.Text.RegularExpressions;
using Gateway.Domain.Compliance;
using Gateway.Domain.Reports;
using Gateway.Reports;
using Xunit;
using static Gateway.Tests.Reports.MonthSite;

namespace Gateway.Tests.Reports;

/// <summary>One life of the month, for all tests that look at it.</summary>
public sealed class LivedMonth : IDisposable
{
    internal MonthRun Run { get; } = MonthRun.Live(new MonthSite(expectedSeconds: 600));

    public void Dispose() => Run.Dispose();
}

/// <summary>
/// A month of a site of 60 devices with everything that befalls one, and its reports. The numbers were worked out by hand before it ran; b is how far a device speaks behind the beat, 5 s to 300 s.
/// </summary>
/// <remarks>
/// <code>
/// what happens                                             to              headings of the month, ms
/// gateway down  3 April 10:00-11:00                        all             unknown 3 600 000 + b
/// bus pulled    7 April 14:00-14:20, crane-1 at work       crane-1, -2     unknown 1 200 000 + b
/// silent       10 April 08:00-09:30                        dust-3          offline 5 400 000
/// silent       11 April, exactly as long as it may         dust-4          offline 0
/// suspended    12 and 13 April, entered on the 13th        crane-4         excused 172 800 000 (online b of it), offline b
/// dismantled   20 April 12:00                              piling-2        not in service 907 200 000
/// Will         22 April, 432 ms before it speaks again     camera-1        offline 432: 99.9995 % of that day
/// wall clock set back five minutes, 25 April               nobody          nothing
/// not insured  15 and 16 April                             the site        28 of 30 days
/// certificate of op-1 ends 15 April                        crane-3         16 h of work, 8 h of them certified
/// </code>
/// </remarks>
public sealed partial class SimulatedMonthTests(LivedMonth month) : IClassFixture<LivedMonth>
{
    private readonly MonthRun _run = month.Run;

    private AccountWindow Month => AccountWindow.Month(2026, 4, _run.Site.Zone);

    [Fact]
    public void Every_device_has_the_month_that_was_worked_out_for_it()
    {
        Assert.Equal([], WrongDevices(_run));
    }

    [Fact]
    public void The_figures_of_the_month_are_those_of_the_table()
    {
        var figures = _run.Report(Month).Site.Figures.ToDictionary(f => f.Figure.Id, StringComparer.Ordinal);

        // 26 safety devices: Σ b = 5 s · (1 + … + 26) = 1 755 000; unknown 26 · 3 600 000 + 1 755 000 + 2 · 1 200 000 + 5 000 + 10 000; offline 20 000.
        Assert.Equal([66_214_210_000, 20_000, 97_770_000, 172_800_000, 20_000, 907_200_000], figures["online.time"].Terms);
        Assert.Equal(("99.852", false), (figures["online.time"].Percent, figures["online.time"].Met));
        // crane-1 worked two hours, 1 205 s of them behind a bus that was not there; crane-3 four mornings.
        Assert.Equal([63_595_000, 0, 1_205_000, 0, 0], figures["online.use"].Terms);
        Assert.Equal("98.140", figures["online.use"].Percent);
        Assert.Equal([36_000_000, 64_800_000], figures["operators.certified"].Terms);
        Assert.Equal("55.555", figures["operators.certified"].Percent);
        Assert.Equal([28, 30], figures["insurance.days"].Terms);
        Assert.Equal("93.333", figures["insurance.days"].Percent);
        Assert.Equal([25, 0, 0, 0, 1], figures["online.count"].Terms);
        Assert.Equal(("100.000", true), (figures["online.count"].Percent, figures["online.count"].Met));
    }

    [Fact]
    public void Nothing_is_rounded_up_and_what_is_not_in_service_is_not_missed()
    {
        var will = DeviceOf(_run.Report(AccountWindow.Day(new(2026, 4, 22), _run.Site.Zone)), "camera-1");
        Assert.Equal((86_399_568, 432, "99.999"), (will.Total.OnlineMs, will.Total.OfflineMs, RateOf(will.Total)));
        var dismantled = DeviceOf(_run.Report(AccountWindow.Day(new(2026, 4, 20), _run.Site.Zone)), "piling-2");
        Assert.Equal((43_200_000, 43_200_000, "100.000"), (dismantled.Total.OnlineMs, dismantled.Total.NotInServiceMs, RateOf(dismantled.Total)));
        var after = DeviceOf(_run.Report(AccountWindow.Day(new(2026, 4, 21), _run.Site.Zone)), "piling-2");
        Assert.Null(RateOf(after.Total));
    }

    [Fact]
    public void The_report_from_before_a_late_entry_can_be_had_again_byte_for_byte()
    {
        var day = AccountWindow.Day(new(2026, 4, 12), _run.Site.Zone);
        long before = _run.EntryRows[0] - 1;
        var then = _run.Report(day, before);
        Assert.Equal((86_380_000, 0), (DeviceOf(then, "crane-4").Total.OfflineMs, DeviceOf(then, "crane-4").Total.ExcusedMs));
        Assert.Equal(86_400_000, DeviceOf(_run.Report(day), "crane-4").Total.ExcusedMs);
        Assert.Equal(ReportJson.Write(then), ReportJson.Write(_run.Report(day, before)));
        Assert.Equal([], Faults(ReportJson.Write(then)));
    }

    [Fact]
    public void The_chain_gives_each_report_again_and_an_interval_that_was_altered_is_named()
    {
        byte[] file = ReportJson.Write(_run.Report(Month));
        Assert.Equal([], Faults(file));
        foreach (int day in (int[])[3, 7, 13, 22, 25]) Assert.Equal([], Faults(ReportJson.Write(_run.Report(AccountWindow.Day(new(2026, 4, day), _run.Site.Zone)))));

        long beginsMs = At(10, 8) + _run.Site.BehindMs("dust-3");
        string said = Encoding.UTF8.GetString(file), altered = said.Replace($"[\"offline\",\"silent\",{beginsMs},", $"[\"offline\",\"silent\",{beginsMs + 1},", StringComparison.Ordinal);
        Assert.NotEqual(said, altered);
        var faults = Faults(Encoding.UTF8.GetBytes(altered));

        Assert.Contains(faults, f => f.StartsWith("Foot", StringComparison.Ordinal));
        Assert.Contains(faults, f => AlteredPiece().IsMatch(f));
    }

    [Fact]
    public void Lived_again_it_gives_the_same_bytes()
    {
        using var again = MonthRun.Live(new MonthSite(expectedSeconds: 600));
        Assert.Equal(ReportJson.Write(_run.Report(Month)), ReportJson.Write(again.Report(Month)));
        Assert.Equal(ReportSource.Rows(_run.StatePath).Last().Hash.ToArray(), ReportSource.Rows(again.StatePath).Last().Hash.ToArray());
    }

    [Fact]
    public void Exceptions_come_first_and_name_their_rows()
    {
        var report = _run.Report(Month);
        Assert.Equal([ExceptionKind.WorkedUnknown, ExceptionKind.Uncertified, ExceptionKind.Uncertified, ExceptionKind.Uninsured], report.Exceptions.Take(4).Select(e => e.Kind));
        Assert.Equal(2 * 86_400_000, report.Exceptions[3].Ms);
        Assert.All(report.Exceptions.Where(e => e.Kind == ExceptionKind.NotOnline), e => Assert.NotEmpty(e.Rows));
        var late = Assert.Single(report.Excuses, e => e.Late);
        Assert.Equal(("crane-4", 172_800_000, _run.EntryRows[0]), (late.Entry.Device, late.ExcusedMs, late.Entry.Seq));
    }

    [Fact]
    [Trait("Tier", "long")]
    public void A_month_of_a_message_a_minute_from_each_comes_to_the_same()
    {
        using var dense = MonthRun.Live(new MonthSite(expectedSeconds: 60));
        Assert.Equal([], WrongDevices(dense));
        byte[] file = ReportJson.Write(dense.Report(AccountWindow.Month(2026, 4, dense.Site.Zone)));
        Assert.Equal([], ReportVerifier.Recompute(file, ReportSource.Rows(dense.StatePath), dense.Site.Zone).Where(f => f.Fault != ReportFault.Note).Select(f => f.Text.En));
    }

    private static List<string> WrongDevices(MonthRun run)
    {
        var wrong = new List<string>();
        foreach (var account in run.Report(AccountWindow.Month(2026, 4, run.Site.Zone)).Accounts.Devices)
        {
            string id = account.Device.Id;
            long b = run.Site.BehindMs(id), unknown = 3_600_000 + b, offline = 0, excused = 0, gone = 0;
            if (id is "crane-1" or "crane-2") unknown += 1_200_000 + b;
            if (id == "dust-3") offline = 5_400_000;
            if (id == "camera-1") offline = 432;
            if (id == "crane-4") (excused, offline) = (172_800_000, b);
            if (id == "piling-2") gone = 907_200_000;
            var expected = new DeviceDay(2_592_000_000 - unknown - offline - excused - gone, offline, unknown, excused, gone, id == "crane-4" ? b : 0);
            if (account.Total != expected) wrong.Add($"{id}: expected {expected}, saw {account.Total}");
        }
        return wrong;
    }

    private List<string> Faults(byte[] file) =>
        [.. ReportVerifier.Recompute(file, ReportSource.Rows(_run.StatePath), _run.Site.Zone).Where(f => f.Fault != ReportFault.Note).Select(f => $"{f.Fault} {f.Where} {f.Text.En}")];

    private static DeviceAccount DeviceOf(SiteReport report, string id) => report.Accounts.Devices.Single(d => d.Device.Id == id);

    private static string? RateOf(in DeviceDay day) => new Rate(day.OnlineMs, day.RequiredMs(UnknownCounts.AsNotOnline)).Percent;

    [GeneratedRegex(@"^Figure devices\[dust-3\]\.pieces\[\d+\]")]
    private static partial Regex AlteredPiece();
}
