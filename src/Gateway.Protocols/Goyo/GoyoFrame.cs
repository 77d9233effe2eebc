namespace Gateway.Protocols.Goyo;

/// <summary>One frame as it stands in the caller's buffer.</summary>
/// <remarks><b>shape</b> a slice of the caller's memory, valid until the caller reuses it; nothing is copied.</remarks>
public readonly ref struct GoyoFrame
{
    /// <summary>From the first byte of the head to the last of the tail.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    public required GoyoVersion Version { get; init; }

    public GoyoCommand Command => (GoyoCommand)Bytes[Version == GoyoVersion.V021303 ? 5 : 3];

    public required GoyoChecksumVerdict Checksum { get; init; }

    public required GoyoLengthVerdict Length { get; init; }

    /// <summary>02 13 03: what the length field counts. 01 and 11: all between the command and the checksum, length field included.</summary>
    public ReadOnlySpan<byte> Payload => Version == GoyoVersion.V021303 ? Bytes[8..^4] : Bytes[4..^3];
}
