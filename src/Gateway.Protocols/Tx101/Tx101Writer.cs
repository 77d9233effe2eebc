namespace Gateway.Protocols.Tx101;

/// <summary>Writes what a centre says: answers that end the device's repetitions, and the clock.</summary>
/// <remarks><b>shape</b> every method returns how many bytes of <c>to</c> it used, at most <see cref="FrameBytesMax"/>. <b>source</b> FORMAT.md, "What the centre says".</remarks>
public static class Tx101Writer
{
    public const int FrameBytesMax = Tx101Limits.EnvelopeBytes + Tx101Limits.HeadBytes + Tx101Time.Bytes;

    private const byte Confirm = 0x01;
    private const byte LinkTest = 0x03;
    private const byte AskForParameter = 0x04;

    /// <summary>Acknowledges a report: the same function without data.</summary>
    public static int Acknowledgement(Span<byte> to, Tx101Address address, byte version, Tx101Function function) => Write(to, Confirm, address, version, function, []);

    /// <summary>Answers log in, log out and keep-alive with their own data.</summary>
    public static int LinkAnswer(Span<byte> to, Tx101Address address, byte version, byte what) => Write(to, LinkTest, address, version, Tx101Function.Link, [what]);

    public static int SetClock(Span<byte> to, Tx101Address address, byte version, DateTime civil)
    {
        Span<byte> time = stackalloc byte[Tx101Time.Bytes];
        Tx101Time.Write(time, civil);
        return Write(to, Confirm, address, version, Tx101Function.SetClock, time);
    }

    public static int GetClock(Span<byte> to, Tx101Address address, byte version) => Write(to, AskForParameter, address, version, Tx101Function.GetClock, []);

    private static int Write(Span<byte> to, byte control, Tx101Address address, byte version, Tx101Function function, ReadOnlySpan<byte> data)
    {
        int counted = Tx101Limits.HeadBytes + data.Length;
        (to[0], to[1], to[2], to[3]) = (Tx101Scanner.StartByte, (byte)counted, Tx101Scanner.StartByte, control);
        address.Write(to[4..]);
        (to[9], to[10]) = (version, (byte)function);
        data.CopyTo(to[11..]);
        to[3 + counted] = Tx101Crc.Of(to[3..(3 + counted)]);
        to[4 + counted] = Tx101Scanner.EndByte;
        return counted + Tx101Limits.EnvelopeBytes;
    }
}
