namespace FirmwareSim.Wire.Modbus;

/// <summary>Collects the bytes of one request until it is complete: eight bytes with a valid checksum, or silence on the line.</summary>
internal sealed class RequestCollector
{
    private const int ReadRequestBytes = 8;
    private const int FrameBytesMax = 256;

    private readonly List<byte> _bytes = [];

    public bool IsEmpty => _bytes.Count == 0;

    /// <summary>Adds bytes as they come; returns the request when they complete one. Noise beyond the longest frame is forgotten.</summary>
    public byte[]? Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        if (_bytes.Count > FrameBytesMax) _bytes.Clear();
        return _bytes.Count == ReadRequestBytes ? TakeIfValid(keepOtherwise: true) : null;
    }

    /// <summary>The line was silent for 3.5 characters: returns what was collected when its checksum is right, and forgets it.</summary>
    public byte[]? EndBySilence() => TakeIfValid(keepOtherwise: false);

    private byte[]? TakeIfValid(bool keepOtherwise)
    {
        byte[] frame = [.. _bytes];
        bool isValid = ModbusCrc.IsValid(frame);
        if (isValid || !keepOtherwise) _bytes.Clear();
        return isValid ? frame : null;
    }
}
