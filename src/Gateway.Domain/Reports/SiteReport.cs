using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;

namespace Gateway.Domain.Reports;

/// <summary>The report of a day, month or any other window: exceptions first, then the figures, then each device down to the pieces they are sums of.</summary>
/// <remarks>Pure: made from its input alone. The file forms are <see cref="ReportJson"/> (can be verified), CSV and HTML.</remarks>
public sealed record SiteReport(
    ReportInput Input,
    SiteAccounts Accounts,
    IReadOnlyList<WorkAccount> Work,
    InsuranceDays Insurance,
    IReadOnlyList<ReportException> Exceptions,
    IReadOnlyList<ReportExcuse> Excuses,
    ReportScope Site,
    IReadOnlyList<ReportScope> Scopes,
    IReadOnlyList<Tally> Tallies,
    IReadOnlyList<DeviceDay> SafetyDays)
{
    public static SiteReport Of(ReportInput input)
    {
        long head = input.Evidence.HeadSeq;
        input = input with { Presence = [.. input.Presence.Where(i => i.Seq <= head)], Entries = [.. input.Entries.Where(e => e.Seq <= head)], Work = [.. input.Work.Where(w => w.Seq <= head)], Measured = [.. input.Measured.Where(m => m.Seq <= head)], Data = ReportData.Of(input) };
        var (policy, unknown) = (input.Policy.Lifecycle, input.Policy.Unknown);
        var timeline = LifecycleTimeline.Build(input.Entries, input.AsOfMs, input.Devices.Select(d => d.Service), policy);
        var accounts = Compliance.Accounts.Of(new AccountInput(input.Devices, input.Presence, input.Open, timeline, input.Window, input.AsOfMs) { Measured = input.Measured });
        var work = WorkAccount.Of(accounts, input.Work, input.Operators);
        var insurance = InsuranceDays.Of(accounts.Days, input.Policies);
        var tallies = TalliesOf(accounts, work, input.Data);
        var whole = tallies.Aggregate(Tally.None, (sum, t) => sum + t);
        return new SiteReport(input, accounts, work, insurance,
            ReportException.Of(accounts, work, insurance, timeline, unknown),
            ReportExcuse.Of(accounts, timeline, policy),
            new ReportScope(ScopeKind.Site, input.Site.Id, whole, Figures.Of(whole, unknown, insurance)),
            [.. Grouped(ScopeKind.Class, accounts, tallies, unknown, d => d.Kind), .. Grouped(ScopeKind.Enterprise, accounts, tallies, unknown, d => d.Enterprise ?? "")],
            tallies,
            SafetyDaysOf(accounts));
    }

    /// <summary>The figures of one device.</summary>
    /// <param name="index">Into the accounts' devices.</param>
    public ReportScope DeviceAt(int index) => new(ScopeKind.Device, Accounts.Devices[index].Device.Id, Tallies[index], Figures.Of(Tallies[index], Input.Policy.Unknown, null));

    private static Tally[] TalliesOf(SiteAccounts accounts, IReadOnlyList<WorkAccount> work, IReadOnlyList<DataDay> data)
    {
        var qualities = new Dictionary<string, DataQuality>(StringComparer.Ordinal);
        foreach (var day in data.Where(d => Counts(d, accounts))) qualities[day.Device] = qualities.GetValueOrDefault(day.Device) + day.Quality;
        return [.. accounts.Devices.Select((d, i) => Tally.Of(d, work[i], qualities.GetValueOrDefault(d.Device.Id)))];
    }

    private static bool Counts(DataDay day, SiteAccounts accounts) => accounts.Days.Count > 0 && day.Date >= accounts.Days[0].Date && day.Date <= accounts.Days[^1].Date;

    private static IEnumerable<ReportScope> Grouped(ScopeKind kind, SiteAccounts accounts, Tally[] tallies, UnknownCounts unknown, Func<AccountDevice, string> key) =>
        accounts.Devices.Select((d, i) => (Key: key(d.Device), Tally: tallies[i])).GroupBy(d => d.Key, d => d.Tally, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, Sum: g.Aggregate(Tally.None, (sum, t) => sum + t)))
            .Select(g => new ReportScope(kind, g.Key, g.Sum, Figures.Of(g.Sum, unknown, null)));

    private static DeviceDay[] SafetyDaysOf(SiteAccounts accounts)
    {
        var days = new DeviceDay[accounts.Days.Count];
        foreach (var account in accounts.Devices.Where(d => d.Device.Safety))
            for (int day = 0; day < days.Length; day++) days[day] += account.Days[day];
        return days;
    }
}
