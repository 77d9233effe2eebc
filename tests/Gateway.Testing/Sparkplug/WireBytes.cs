using System.Buffers.Binary;
using System.Text;

namespace Gateway.Testing.Sparkplug;

/// <summary>Protocol buffers by hand, written from the public description of the encoding: the tests must not trust the library the codec uses.</summary>
public sealed class WireBytes
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public WireBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public WireBytes Varint(int field, ulong value) => Tag(field, 0).Number(value);

    public WireBytes Fixed64(int field, double value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(eight, value);
        return Tag(field, 1).Raw(eight);
    }

    public WireBytes Fixed32(int field, float value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        return Tag(field, 5).Raw(four);
    }

    public WireBytes Bytes(int field, params ReadOnlySpan<byte> content) => Tag(field, 2).Number((ulong)content.Length).Raw(content);

    public WireBytes Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public WireBytes Tag(int field, int wireType) => Number((ulong)(field << 3 | wireType));

    private WireBytes Number(ulong value)
    {
        for (; value > 0x7F; value >>= 7) _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }
}
