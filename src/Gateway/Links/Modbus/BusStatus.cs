namespace Gateway.Links.Modbus;

/// <summary>One bus as it stands.</summary>
/// <param name="Where">Port or <c>host:port</c>.</param>
/// <param name="Since">When it opened or was lost; null = neither yet.</param>
/// <param name="LastError">Why it was lost last; null = never.</param>
/// <param name="Utilisation">Part of the last 60 s in which a request was under way, 0 to 1.</param>
/// <param name="CycleMs">What one round over all units takes when each answers after 20 ms.</param>
/// <param name="Failures">Requests that failed, by reason in camelCase.</param>
/// <param name="Echoes">Our own requests heard again; above 0 the adapter echoes, and that is taken care of.</param>
/// <param name="Strangers">Addresses that spoke although no unit of the ledger has them.</param>
public sealed record BusStatus(
    string Id,
    string Protocol,
    string Where,
    int Baud,
    string Framing,
    bool Open,
    DateTimeOffset? Since,
    string? LastError,
    double Utilisation,
    double CycleMs,
    long Requests,
    long Replies,
    long Echoes,
    IReadOnlyDictionary<string, long> Failures,
    IReadOnlyList<UnitStatus> Units,
    IReadOnlyList<int> Strangers);

/// <summary>One unit as its bus sees it.</summary>
/// <param name="State"><c>trusted</c>, <c>doubtful</c> or <c>dead</c>.</param>
/// <param name="LastAnswerAgeMs">Since its last data; null = none yet.</param>
/// <param name="Suspicion"><c>duplicateAddress</c>: two devices answer to this address, or talk over each other. <c>foreignUnit</c>: it speaks when nobody asked it: a second master, or it comes too late. Null = none in the last ten minutes.</param>
public sealed record UnitStatus(
    string Id, int Address, string State, long? LastAnswerAgeMs, long Requests, long Replies, IReadOnlyDictionary<string, long> Failures, string? Suspicion);
