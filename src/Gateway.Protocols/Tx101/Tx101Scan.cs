using System.Buffers;

namespace Gateway.Protocols.Tx101;

/// <summary>The answer to one <see cref="Tx101Scanner.Read"/>: a frame, a broken frame, or a wish for more bytes.</summary>
/// <remarks>
/// <b>errors</b> <see cref="OperationStatus.Done"/>: <see cref="Frame"/> is set. <see cref="OperationStatus.InvalidData"/>: a frame was begun and lost,
/// <see cref="Drop"/> says how; call again. <see cref="OperationStatus.NeedMoreData"/>: keep what follows <see cref="Consumed"/> and wait. Count <see cref="Skipped"/> in
/// all three cases.
/// </remarks>
public readonly ref struct Tx101Scan
{
    public required OperationStatus Status { get; init; }

    /// <summary>Valid when <see cref="Status"/> is <see cref="OperationStatus.Done"/>.</summary>
    public Tx101Frame Frame { get; init; }

    public Tx101DropReason Drop { get; init; }

    /// <summary>Foreign bytes in front.</summary>
    public required int Skipped { get; init; }

    /// <summary>Bytes of the broken frame, behind the skipped ones.</summary>
    public int Dropped { get; init; }

    /// <summary>Bytes of the window that are done with, the frame included.</summary>
    public required int Consumed { get; init; }
}

/// <summary>Why bytes that began like a frame did not become one; the caller counts by it.</summary>
public enum Tx101DropReason : byte
{
    /// <summary>Nothing was dropped.</summary>
    None,

    /// <summary>Another frame began and ended before this one did.</summary>
    Truncated,

    /// <summary>Everything is in its place but the checksum is another.</summary>
    ChecksumWrong,

    /// <summary>No end byte where the length says.</summary>
    NoEnd,
}
