using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FirmwareSim.Pty;

/// <summary>struct termios2 of the kernel: the line's settings with its rates as plain numbers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Termios2
{
    private const uint CustomBaud = 0x1000;
    private const uint EightBits = 0x30;
    private const uint ReceiverOn = 0x80;
    private const uint IgnoreModemLines = 0x800;
    private const int MinimumBytesIndex = 6;
    private const int TimeoutIndex = 5;

    public uint InputFlags;
    public uint OutputFlags;
    public uint ControlFlags;
    public uint LocalFlags;
    public byte Line;
    public ControlCharacters Characters;
    public uint InputBaud;
    public uint OutputBaud;

    /// <summary>No echo, no translation, no signals: eight bits, no parity, a read returns with the first byte.</summary>
    public void MakeRaw(int baud)
    {
        InputFlags = OutputFlags = LocalFlags = 0;
        ControlFlags = CustomBaud | EightBits | ReceiverOn | IgnoreModemLines;
        Characters[MinimumBytesIndex] = 1;
        Characters[TimeoutIndex] = 0;
        InputBaud = OutputBaud = (uint)baud;
    }

    [InlineArray(19)]
    internal struct ControlCharacters
    {
        private byte _first;
    }
}
