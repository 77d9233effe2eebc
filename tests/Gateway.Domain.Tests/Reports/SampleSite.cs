using System.Globalization;
using System.Text;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;
using Gateway.Domain.Ledger;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Domain.Reports;

namespace Gateway.Domain.Tests.Reports;

/// <summary>A fictitious site with its chain: what the rows say is what a report of it is made from.</summary>
internal sealed class SampleSite
{
    private readonly List<ReportRow> _rows = [];

    public SampleSite()
    {
        Append("boot", "{\"gateway\":\"gw-7\",\"version\":\"0.1.0\",\"ledgerSha256\":\"" + Ledger + "\"}");
    }

    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static string Ledger { get; } = new('1', 64);

    public IReadOnlyList<ReportRow> Rows => _rows;

    public List<AccountDevice> Devices { get; } = [];

    public List<AccountInterval> Presence { get; } = [];

    public List<OpenInterval> Open { get; } = [];

    public List<LifecycleEntry> Entries { get; } = [];

    public List<WorkingInterval> Work { get; } = [];

    public List<DataDay> Data { get; } = [];

    public List<MeasuredSpan> Measured { get; } = [];

    public List<Operator> Operators { get; } = [new("op-1", new("周某", "Zhou"), [new Certificate(CertificateTypes.TowerCraneDriver, "T-0001", new(2025, 1, 1), new(2026, 3, 10))])];

    public List<Policy> Policies { get; } = [new("P-1", new("示例保险", "Sample Insurance"), new(2026, 1, 1), new(2026, 3, 20))];

    public static long At(string local) => DateTimeOffset.Parse(local + "+08:00", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>A crane that was silent for an hour on the fifth while it worked, and suspended on the sixth by an entry made two days later; a hoist behind a bus that was pulled; a dust monitor.</summary>
    public static SampleSite March()
    {
        var site = new SampleSite();
        site.Add("crane-1", "1 号塔机", "crane", "builder", true);
        site.Add("dust-1", "扬尘监测", "dust", null, false);
        site.Add("hoist-1", "1 号升降机", "hoist", "rental", true);
        site.Close("crane-1", PresenceState.Online, "", "2026-03-01", "2026-03-05 10:00");
        site.Close("crane-1", PresenceState.Offline, "silent", "2026-03-05 10:00", "2026-03-05 11:00");
        site.Close("hoist-1", PresenceState.Online, "", "2026-03-01", "2026-03-08 09:00");
        site.Close("hoist-1", PresenceState.Unknown, "bus", "2026-03-08 09:00", "2026-03-08 09:05:03");
        site.Suspend("crane-1", "2026-03-06 08:00", "2026-03-06 18:00", SuspensionReason.Climbing, "2026-03-08 08:00");
        site.Worked("crane-1", "2026-03-05 09:30", "2026-03-05 10:30", "op-1");
        site.Worked("crane-1", "2026-03-12 09:00", "2026-03-12 10:00", "op-1");
        site.Close("crane-1", PresenceState.Online, "", "2026-03-05 11:00", "2026-04-01");
        site.Close("dust-1", PresenceState.Online, "", "2026-03-01", "2026-04-01");
        site.Open.Add(new OpenInterval("hoist-1", PresenceState.Online, "", At("2026-03-08 09:05:03")));
        site.Counted("dust-1", new(2026, 3, 5), new DataQuality(144, 143, 140));
        return site;
    }

    public void Add(string id, string name, string kind, string? enterprise, bool safety) =>
        Devices.Add(new AccountDevice(id, new LocalText(name, id), kind, enterprise, safety, new ServiceTime(id, At("2026-02-01"), null)));

    public void Close(string device, PresenceState state, string cause, string from, string to) => Close(device, state, cause, At(from), At(to));

    public void Close(string device, PresenceState state, string cause, long fromMs, long toMs)
    {
        string word = state switch { PresenceState.NotInService => "notInService", _ => state.ToString().ToLowerInvariant() };
        long seq = Append("interval", $"{{\"device\":\"{device}\",\"state\":\"{word}\",\"cause\":\"{cause}\",\"from\":\"{Utc(fromMs)}\",\"to\":\"{Utc(toMs)}\"}}");
        Presence.Add(new AccountInterval(device, state, cause, fromMs, toMs, seq));
    }

    public void Suspend(string device, string from, string until, string reason, string entered)
    {
        var entry = new LifecycleEntry(0, device, LifecycleKind.Suspended, At(from), At(until), reason, "李某", "王某", "建监〔2026〕7 号", null, null, null, At(entered));
        Entries.Add(entry with { Seq = Append(LifecycleJson.RowKind, Encoding.UTF8.GetString(LifecycleJson.Write(entry)), entry.EnteredMs) });
    }

    public void Worked(string device, string from, string to, string? person)
    {
        var work = new WorkingInterval(device, At(from), At(to), person);
        Work.Add(work with { Seq = Append(WorkJson.RowKind, Encoding.UTF8.GetString(WorkJson.Write(work))) });
    }

    public void Proved(string device, string from, string to, long interval)
    {
        var span = new MeasuredSpan(device, At(from), At(to), interval, 0);
        Measured.Add(span with { Seq = Append(MeasuredJson.RowKind, Encoding.UTF8.GetString(MeasuredJson.Write(span))) });
    }

    public void Counted(string device, DateOnly date, DataQuality quality)
    {
        var day = new DataDay(device, date, quality);
        Data.Add(day with { Seq = Append(DataDayJson.RowKind, Encoding.UTF8.GetString(DataDayJson.Write(day))) });
    }

    public ReportInput Month(string asOf = "2026-04-02") => Over(AccountWindow.Month(2026, 3, Zone), At(asOf));

    public ReportInput Over(AccountWindow window, long asOfMs) => new(
        new ReportSite("s-1", new("示例工地", "Sample site"), "Asia/Shanghai"), new ReportEvidence("gw-7", Ledger, _rows[^1].Seq, Convert.ToHexStringLower(_rows[^1].Hash.Span)), window, asOfMs,
        new ReportPolicy(UnknownCounts.AsNotOnline, new LifecyclePolicy()), [new("builder", new("示例建设", "Sample Builders"), "general-contractor"), new("rental", new("示例租赁", "Sample Rental"), "rental")],
        Devices, Operators, Policies, Presence, Open, Entries, Work, Data) { Measured = Measured };

    public long Append(string kind, string body, long? atMs = null)
    {
        long seq = _rows.Count + 1;
        long at = atMs ?? 1_775_000_000_000 + seq;
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        byte[] hash = EvidenceChain.Next(_rows.Count == 0 ? new byte[EvidenceChain.HashBytes] : _rows[^1].Hash.Span, seq, at, kind, bytes);
        _rows.Add(new ReportRow(seq, at, kind, bytes, hash));
        return seq;
    }

    private static string Utc(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
