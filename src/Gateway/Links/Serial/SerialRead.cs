namespace Gateway.Links.Serial;

/// <summary>How a read ended.</summary>
internal enum SerialReadKind
{
    /// <summary>Nothing yet: the time is over, or a signal came; look at the clock and read again.</summary>
    Nothing,

    /// <summary><see cref="SerialRead.Count"/> bytes are in the buffer.</summary>
    Bytes,

    /// <summary>The stop signal is set.</summary>
    Stopped,

    /// <summary>The port is gone for the reason in <see cref="SerialRead.Fault"/>; dispose it and open it anew.</summary>
    Lost,
}

/// <summary>The outcome of one read.</summary>
internal readonly record struct SerialRead(SerialReadKind Kind, int Count = 0, SerialFault? Fault = null);
