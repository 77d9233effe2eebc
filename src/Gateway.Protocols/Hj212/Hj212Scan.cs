using System.Buffers;

namespace Gateway.Protocols.Hj212;

/// <summary>The answer to one <see cref="Hj212Scanner.Read"/>: a frame, a broken frame, or a wish for more bytes.</summary>
/// <remarks>
/// <b>errors</b> <see cref="OperationStatus.Done"/>: <see cref="Frame"/> is set. <see cref="OperationStatus.InvalidData"/>: a frame was
/// begun and lost, <see cref="Drop"/> says how; call again. <see cref="OperationStatus.NeedMoreData"/>: keep what follows <see
/// cref="Consumed"/> and wait. Count <see cref="SkippedBytes"/> and <see cref="DroppedBytes"/> in all three cases.
/// </remarks>
public readonly struct Hj212Scan
{
    public required OperationStatus Status { get; init; }

    /// <summary>Valid when <see cref="Status"/> is <see cref="OperationStatus.Done"/>.</summary>
    public Hj212Frame Frame { get; init; }

    /// <summary>Why <see cref="DroppedBytes"/> were dropped.</summary>
    public Hj212DropReason Drop { get; init; }

    /// <summary>Foreign bytes in front of the header, line ends not counted.</summary>
    public long SkippedBytes { get; init; }

    /// <summary>Bytes of the broken frame, header included.</summary>
    public int DroppedBytes { get; init; }

    /// <summary>Everything consumed that is not the frame, line ends included: material for a quarantine sample.</summary>
    public ReadOnlySequence<byte> Refuse { get; init; }

    /// <summary>Advance the buffer to here.</summary>
    public required SequencePosition Consumed { get; init; }

    /// <summary>Everything up to here has been looked at; more is needed only when it equals the end.</summary>
    public required SequencePosition Examined { get; init; }
}
