namespace Gateway.Links.Serial;

/// <summary>What is needed to open a port.</summary>
/// <param name="Path">Device or link, e.g. below <c>/dev/serial/by-id</c>; looked up anew at every opening.</param>
/// <param name="Baud">Bits per second, any number the driver takes.</param>
/// <param name="Framing">Bits of a character.</param>
internal sealed record SerialPortOptions(string Path, int Baud, SerialFraming Framing)
{
    /// <summary>The driver is asked to switch the direction of an RS-485 pair; one that cannot is refused, for it would answer to nobody.</summary>
    public bool Rs485 { get; init; }
}
