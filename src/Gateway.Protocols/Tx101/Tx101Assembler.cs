namespace Gateway.Protocols.Tx101;

/// <summary>Puts the packets of one message together; holds one message at a time, for the packets of one device come one after the other.</summary>
/// <remarks><b>shape</b> at most <see cref="Tx101Limits.JoinedBytesMax"/> bytes, allocated at the first split frame; <see cref="Data"/> is valid until the next <see cref="Take"/>. <b>threading</b> one owner.</remarks>
public sealed class Tx101Assembler
{
    private byte[]? _joined;
    private int _length;
    private int _packets;
    private int _expected;
    private bool _begun;
    private Tx101Address _address;
    private Tx101Function _function;

    public ReadOnlySpan<byte> Data => _joined.AsSpan(0, _length);

    public Tx101AssemblyVerdict Take(in Tx101Frame frame)
    {
        int packets = frame.Packets, packet = frame.Packet;
        if (packets > Tx101Limits.PacketsMax) return Tx101AssemblyVerdict.TooMany;
        if (packet < 1 || packet > packets) return Tx101AssemblyVerdict.BadCount;
        if (packet == packets) Begin(frame);
        else if (!_begun || packets != _packets || frame.Address != _address || frame.Function != _function) return Tx101AssemblyVerdict.Missing;
        // The device repeats a packet that it believes lost; after the last one the message is there once more.
        else if (packet == _expected + 1) return _expected == 0 ? Tx101AssemblyVerdict.Whole : Tx101AssemblyVerdict.Repeated;
        else if (packet != _expected)
        {
            _begun = false;
            return Tx101AssemblyVerdict.Missing;
        }
        frame.Data.CopyTo(_joined.AsSpan(_length));
        _length += frame.Data.Length;
        _expected = packet - 1;
        return _expected == 0 ? Tx101AssemblyVerdict.Whole : Tx101AssemblyVerdict.More;
    }

    private void Begin(in Tx101Frame frame)
    {
        _joined ??= new byte[Tx101Limits.JoinedBytesMax];
        (_begun, _packets, _length, _address, _function) = (true, frame.Packets, 0, frame.Address, frame.Function);
    }
}

public enum Tx101AssemblyVerdict : byte
{
    /// <summary>Kept; further packets are to come.</summary>
    More,

    /// <summary>That was the last: <see cref="Tx101Assembler.Data"/> has the message.</summary>
    Whole,

    /// <summary>It was there before.</summary>
    Repeated,

    /// <summary>One before it never came: what was kept is gone.</summary>
    Missing,

    /// <summary>More than <see cref="Tx101Limits.PacketsMax"/>.</summary>
    TooMany,

    /// <summary>A number beyond the total, or none.</summary>
    BadCount,
}
