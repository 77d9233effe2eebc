namespace Gateway.Protocols.Framing;

/// <summary>How frames of one protocol begin and end; <see cref="FrameSearch"/> does the rest.</summary>
/// <remarks><b>Shape</b>: the answers about a window depend on its bytes alone, and once a verdict is not <see cref="FrameEndKind.Open"/> more bytes never change it: then any split of the stream gives the same frames.</remarks>
internal interface IFrameRule
{
    /// <summary>Index of the first head at or behind <paramref name="from"/>, a head cut by the end of the window included; the window's length when there is none.</summary>
    static abstract int FindHead(ReadOnlySpan<byte> window, int from);

    /// <summary>What the frame is whose head stands at the start of <paramref name="from"/>. Never <see cref="FrameEndKind.Open"/> once the protocol's longest frame has been seen.</summary>
    static abstract FrameEnd Judge(ReadOnlySpan<byte> from);
}

internal enum FrameEndKind : byte
{
    /// <summary>More bytes are needed.</summary>
    Open,

    /// <summary>A frame, and its checksum agrees as far as the protocol has one.</summary>
    Whole,

    /// <summary>It began like a frame and is none.</summary>
    Broken,
}

/// <param name="Length">Bytes from the head on after which the verdict was certain.</param>
/// <param name="Reason">The protocol's own reason for <see cref="FrameEndKind.Broken"/>.</param>
internal readonly record struct FrameEnd(FrameEndKind Kind, int Length, byte Reason = 0)
{
    public static FrameEnd Open => default;
}
