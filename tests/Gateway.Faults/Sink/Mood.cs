namespace Gateway.Faults.Sink;

/// <summary>How the sink answers now.</summary>
internal enum Mood
{
    /// <summary>Keeps everything, 204.</summary>
    Takes,
    /// <summary>503.</summary>
    Refuses,
    /// <summary>429 with Retry-After.</summary>
    IsBusy,
    /// <summary>Reads the request and says nothing.</summary>
    Hangs,
    /// <summary>Keeps the first half, 500.</summary>
    KeepsHalf,
    /// <summary>Keeps everything and answers a byte at a time.</summary>
    Drips,
    /// <summary>Keeps everything; the connection is cut in the middle of the answer.</summary>
    CutsAnswer,
    /// <summary>The connection is cut in the middle of the request.</summary>
    CutsRequest,
    /// <summary>204, and nothing is safe until it is in another mood again: <see cref="FaultySink.Crash"/> forgets it.</summary>
    Lies,
}
