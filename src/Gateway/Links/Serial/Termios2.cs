using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gateway.Links.Serial;

/// <summary>The kernel's <c>struct termios2</c>: terminal settings whose rate is a number, so that any rate can be asked for.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Termios2
{
    private const uint IgnoreBreak = 0x1;
    private const uint CheckParity = 0x10;
    private const uint RateIsNumber = 0x1000;
    private const int DataBitsMin = 5;
    private const int DataBitsShift = 4;
    private const uint TwoStopBits = 0x40;
    private const uint Receive = 0x80;
    private const uint ParityBit = 0x100;
    private const uint ParityIsOdd = 0x200;
    private const uint IgnoreModemLines = 0x800;

    public uint InputFlags;
    public uint OutputFlags;
    public uint ControlFlags;
    public uint LocalFlags;
    public byte LineDiscipline;
    public ControlCharacters Characters;
    public uint InputRate;
    public uint OutputRate;

    /// <summary>Raw bytes both ways: no echo, no line editing, no flow control, no modem lines; VMIN and VTIME are 0.</summary>
    /// <remarks>With parity a damaged character arrives as 0 and fails the frame's checksum: it is not dropped, so lengths stay right.</remarks>
    public static Termios2 Raw(int baud, SerialFraming framing)
    {
        var control = RateIsNumber | Receive | IgnoreModemLines;
        control |= (uint)(framing.DataBits - DataBitsMin) << DataBitsShift;
        control |= framing.StopBits == 2 ? TwoStopBits : 0;
        control |= framing.Parity switch
        {
            SerialParity.Even => ParityBit,
            SerialParity.Odd => ParityBit | ParityIsOdd,
            _ => 0,
        };
        return new Termios2
        {
            InputFlags = IgnoreBreak | (framing.Parity == SerialParity.None ? 0 : CheckParity),
            ControlFlags = control,
            InputRate = (uint)baud,
            OutputRate = (uint)baud,
        };
    }

    [InlineArray(19)]
    public struct ControlCharacters
    {
        private byte _first;
    }
}
