using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Lifecycle;

namespace Gateway.Domain.Reports;

/// <summary>All that a report is made of. The same input gives the same report, byte for byte; the order within the lists does not matter.</summary>
/// <param name="Presence">Rows behind the evidence's head are not seen; so an old report can be made again from a longer chain (see <see cref="AsOf"/>).</param>
/// <param name="Open">What each device was in when the report was asked for.</param>
/// <param name="Entries">The lifecycle log; rows behind the head and entries made later are not seen.</param>
public sealed record ReportInput(
    ReportSite Site,
    ReportEvidence Evidence,
    AccountWindow Window,
    long AsOfMs,
    ReportPolicy Policy,
    IReadOnlyList<Enterprise> Enterprises,
    IReadOnlyList<AccountDevice> Devices,
    IReadOnlyList<Operator> Operators,
    IReadOnlyList<Policy> Policies,
    IReadOnlyList<AccountInterval> Presence,
    IReadOnlyList<OpenInterval> Open,
    IReadOnlyList<LifecycleEntry> Entries,
    IReadOnlyList<WorkingInterval> Work,
    IReadOnlyList<DataDay> Data)
{
    /// <summary>What devices proved later; rows behind the head are not seen.</summary>
    public IReadOnlyList<MeasuredSpan> Measured { get; init; } = [];
}

/// <param name="Zone">IANA name of the zone the days are cut in.</param>
public sealed record ReportSite(string Id, LocalText Name, string Zone);

/// <summary>Which chain, and how far: <paramref name="HeadHash"/> pins every row up to <paramref name="HeadSeq"/>.</summary>
/// <param name="LedgerSha256">Of the ledger file the devices, certificates and policies were taken from.</param>
/// <param name="HeadHash">64 hex digits in lower case.</param>
public sealed record ReportEvidence(string Gateway, string LedgerSha256, long HeadSeq, string HeadHash);

/// <summary>What the site decided about counting.</summary>
public sealed record ReportPolicy(UnknownCounts Unknown, LifecyclePolicy Lifecycle);
