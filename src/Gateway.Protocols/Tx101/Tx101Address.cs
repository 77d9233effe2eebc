using System.Globalization;

namespace Gateway.Protocols.Tx101;

/// <summary>The five address bytes: region A1 (two bytes BCD, low first) and terminal A2 (three bytes, low first).</summary>
/// <remarks><b>shape</b> as text, also the ledger's <c>station</c>: the bytes of A1 in hex, high first, a dash, those of A2 likewise: <c>02 33 01 00 00</c> is <c>3302-000001</c>.</remarks>
public readonly record struct Tx101Address(ushort Region, int Terminal)
{
    public const int Bytes = 5;

    /// <summary>Characters of the text form.</summary>
    public const int Characters = 11;

    public static Tx101Address Read(ReadOnlySpan<byte> bytes) => new((ushort)(bytes[0] | bytes[1] << 8), bytes[2] | bytes[3] << 8 | bytes[4] << 16);

    public void Write(Span<byte> to)
    {
        (to[0], to[1]) = ((byte)Region, (byte)(Region >> 8));
        (to[2], to[3], to[4]) = ((byte)Terminal, (byte)(Terminal >> 8), (byte)(Terminal >> 16));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Region:X4}-{Terminal:X6}");
}
