using System.Buffers.Binary;

namespace Gateway.Protocols.Tx101;

/// <summary>One frame as it stands in the caller's buffer; its checksum is right.</summary>
/// <remarks><b>shape</b> a slice of the caller's memory, valid until the caller reuses it; nothing is copied. <b>source</b> DOMAIN §1.6.</remarks>
public readonly ref struct Tx101Frame(ReadOnlySpan<byte> bytes)
{
    private const int ControlAt = 3;
    private const byte SplitBit = 0x40;
    private const byte UpBit = 0x80;

    /// <summary>From the first start byte to the end byte.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public byte Control => Bytes[ControlAt];

    /// <summary>From the device; the firmware forgets the bit in alarm, cycle and fingerprint frames.</summary>
    public bool SaysUp => (Control & UpBit) != 0;

    /// <summary>3 on the first try, then counting down.</summary>
    public int TriesLeft => Control >> 4 & 3;

    /// <summary>One of several packets of one message.</summary>
    public bool IsSplit => (Control & SplitBit) != 0;

    /// <summary>How many packets there are; 1 for a frame that is not split.</summary>
    public int Packets => IsSplit ? BinaryPrimitives.ReadUInt16LittleEndian(Bytes[(ControlAt + 1)..]) : 1;

    /// <summary>Counts down from <see cref="Packets"/> to 1, the last.</summary>
    public int Packet => IsSplit ? BinaryPrimitives.ReadUInt16LittleEndian(Bytes[(ControlAt + 3)..]) : 1;

    public Tx101Address Address => Tx101Address.Read(Bytes[AddressAt..]);

    /// <summary>High nibble major, low nibble minor.</summary>
    public byte Version => Bytes[AddressAt + Tx101Address.Bytes];

    public Tx101Function Function => (Tx101Function)Bytes[AddressAt + Tx101Address.Bytes + 1];

    public ReadOnlySpan<byte> Data => Bytes[(AddressAt + Tx101Address.Bytes + 2)..^2];

    private int AddressAt => ControlAt + 1 + (IsSplit ? Tx101Limits.SplitBytes : 0);
}
