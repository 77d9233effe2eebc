using System.Runtime.InteropServices;

namespace Gateway.Links.Serial;

/// <summary>The kernel's <c>struct serial_rs485</c>: who switches the direction of the pair.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct Rs485Mode
{
    private const uint Enabled = 0x1;
    private const uint RtsHighWhileSending = 0x2;

    public uint Flags;
    public uint DelayBeforeSendMs;
    public uint DelayAfterSendMs;

    /// <summary>The usual wiring of transceivers: RTS on the driver-enable pin, no delays, nothing received while sending.</summary>
    public static Rs485Mode RtsWhileSending => new() { Flags = Enabled | RtsHighWhileSending };
}
