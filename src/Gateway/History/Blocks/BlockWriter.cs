using System.Buffers.Binary;
using System.Numerics;

namespace Gateway.History.Blocks;

/// <summary>Bytes of a block while it is written; grows to what blocks need and stays.</summary>
internal sealed class BlockWriter
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    /// <summary>LEB128: seven bits a byte, lowest first, the top bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        var to = Room(10);
        int n = 0;
        for (; value > 0x7F; value >>= 7) to[n++] = (byte)(value | 0x80);
        to[n++] = (byte)value;
        Length += n;
    }

    /// <summary>Zigzag: 0, −1, 1, −2 … as 0, 1, 2, 3 …, then as <see cref="Varint"/>.</summary>
    public void Signed(long value) => Varint((ulong)(value << 1 ^ value >> 63));

    /// <summary>The lowest bytes of a number, lowest first.</summary>
    public void Low(ulong value, int bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        Length += bytes;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    private Span<byte> Room(int bytes)
    {
        if (Length + bytes > _bytes.Length) Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)(Length + bytes)));
        return _bytes.AsSpan(Length);
    }
}
