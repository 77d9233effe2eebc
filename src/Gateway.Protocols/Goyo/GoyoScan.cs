using System.Buffers;

namespace Gateway.Protocols.Goyo;

/// <summary>The answer to one <see cref="GoyoScanner.Read"/>: a frame, a broken frame, or a wish for more bytes.</summary>
/// <remarks>
/// <b>errors</b> <see cref="OperationStatus.Done"/>: <see cref="Frame"/> is set. <see cref="OperationStatus.InvalidData"/>: a frame was begun and lost,
/// <see cref="Drop"/> says how; call again. <see cref="OperationStatus.NeedMoreData"/>: keep what follows <see cref="Consumed"/> and wait. Count <see cref="Skipped"/> in
/// all three cases.
/// </remarks>
public readonly ref struct GoyoScan
{
    public required OperationStatus Status { get; init; }

    /// <summary>Valid when <see cref="Status"/> is <see cref="OperationStatus.Done"/>.</summary>
    public GoyoFrame Frame { get; init; }

    public GoyoDropReason Drop { get; init; }

    /// <summary>Foreign bytes in front.</summary>
    public required int Skipped { get; init; }

    /// <summary>Bytes of the broken frame, behind the skipped ones.</summary>
    public int Dropped { get; init; }

    /// <summary>Bytes of the window that are done with, the frame included.</summary>
    public required int Consumed { get; init; }
}
