using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Evidence;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;

namespace Gateway.Domain.Reports;

/// <summary>One row of the chain, as it lies in the journal.</summary>
/// <param name="Hash">32 bytes.</param>
public sealed record ReportRow(long Seq, long AtMs, string Kind, ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Hash);

/// <summary>Walks the rows of a chain up to a report's head: whether they are one chain and reach it, and what they say of presence, lifecycle, work and data.</summary>
internal sealed class ReportRows(ReportEvidence evidence, List<ReportFinding> findings)
{
    private readonly byte[] _expected = new byte[EvidenceChain.HashBytes];
    private ReportRow? _last;
    private string? _ledgerSha256;
    private string? _gateway;

    public List<AccountInterval> Presence { get; } = [];

    public List<LifecycleEntry> Entries { get; } = [];

    public List<WorkingInterval> Work { get; } = [];

    public List<MeasuredSpan> Measured { get; } = [];

    public List<DataDay> Data { get; } = [];

    public void Walk(IEnumerable<ReportRow> rows)
    {
        foreach (var row in rows.TakeWhile(r => r.Seq <= evidence.HeadSeq))
        {
            if (!Follows(row)) findings.Add(ReportFinding.Chain(row.Seq));
            Take(row);
            _last = row;
        }
        if (_last?.Seq != evidence.HeadSeq) findings.Add(ReportFinding.Short(_last?.Seq ?? 0, evidence.HeadSeq));
        else if (Convert.ToHexStringLower(_last.Hash.Span) != evidence.HeadHash) findings.Add(ReportFinding.Head(evidence));
        if (_gateway is { } gateway && gateway != evidence.Gateway) findings.Add(ReportFinding.Differs("evidence.gateway", evidence.Gateway, gateway));
        if (_ledgerSha256 is { } ledger && ledger != evidence.LedgerSha256) findings.Add(ReportFinding.Differs("evidence.ledgerSha256", evidence.LedgerSha256, ledger));
        if (_ledgerSha256 is null) findings.Add(ReportFinding.Note("no boot row among these rows names a ledger: devices, certificates and policies are as the report states them", "所给的行中没有启动记录写明台账：设备、证件、保单以报告所述为准"));
    }

    /// <summary>The first row given is believed where it is not row 1; every other must carry on the one before.</summary>
    private bool Follows(ReportRow row)
    {
        if (row.Hash.Length != EvidenceChain.HashBytes) return false;
        if (_last is null && row.Seq > 1)
        {
            findings.Add(ReportFinding.Note($"rows 1 to {row.Seq - 1} were not given: whether they say more of this time is not known", $"未提供第 1 至 {row.Seq - 1} 行：它们是否涉及这段时间无从得知"));
            return true;
        }
        if (row.Seq != (_last?.Seq ?? 0) + 1) return false;
        EvidenceChain.Next(_last is null ? new byte[EvidenceChain.HashBytes] : _last.Hash.Span, row.Seq, row.AtMs, System.Text.Encoding.UTF8.GetBytes(row.Kind), row.Body.Span, _expected);
        return row.Hash.Span.SequenceEqual(_expected);
    }

    private void Take(ReportRow row)
    {
        bool read = row.Kind switch
        {
            "interval" => Keep(Presence, ReadBody(row, Interval)),
            LifecycleJson.RowKind => Keep(Entries, LifecycleJson.Read(row.Body, row.Seq, row.AtMs)),
            WorkJson.RowKind => Keep(Work, ReadBody(row, WorkJson.Read)),
            MeasuredJson.RowKind => Keep(Measured, ReadBody(row, MeasuredJson.Read)),
            DataDayJson.RowKind => Keep(Data, DataDayJson.Read(row.Body, row.Seq)),
            "boot" => ReadBody(row, Boot) is not null,
            "ledger" => ReadBody(row, Ledger) is not null,
            _ => true,
        };
        if (!read) findings.Add(ReportFinding.Unreadable(row));
    }

    private static bool Keep<T>(List<T> list, T? item) where T : class
    {
        if (item is not null) list.Add(item);
        return item is not null;
    }

    private static T? ReadBody<T>(ReportRow row, Func<JsonElement, long, T> read) where T : class
    {
        try
        {
            using var body = JsonDocument.Parse(row.Body);
            return read(body.RootElement, row.Seq);
        }
        // An altered row may hold anything; it is named as unreadable.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static AccountInterval Interval(JsonElement body, long seq) => new(Text(body, "device"), StateOf(Text(body, "state")), Text(body, "cause"), TimeOf(body, "from"), TimeOf(body, "to"), seq);

    private static PresenceState StateOf(string word) => word switch
    {
        "online" => PresenceState.Online,
        "offline" => PresenceState.Offline,
        "unknown" => PresenceState.Unknown,
        "notInService" => PresenceState.NotInService,
        _ => throw new FormatException($"no presence is called \"{word}\""),
    };

    /// <summary>Another ledger was put in force.</summary>
    private string Ledger(JsonElement body, long seq) => _ledgerSha256 = Text(body, "after");

    /// <summary>The newest start or change says which ledger held up to the head.</summary>
    private string Boot(JsonElement body, long seq)
    {
        _gateway = Text(body, "gateway");
        return _ledgerSha256 = Text(body, "ledgerSha256");
    }

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    private static long TimeOf(JsonElement body, string name) => body.GetProperty(name).GetDateTimeOffset().ToUnixTimeMilliseconds();
}
