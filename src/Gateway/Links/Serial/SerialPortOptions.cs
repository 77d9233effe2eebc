namespace Gateway.Links.Serial;

/// <summary>What is needed to open a port.</summary>
/// <param name="Path">Device or link, e.g. below <c>/dev/serial/by-id</c>; looked up anew at every opening.</param>
/// <param name="Baud">Bits per second, any number the driver takes.</param>
/// <param name="Framing">Bits of a character.</param>
internal sealed record SerialPortOptions(string Path, int Baud, SerialFraming Framing);
