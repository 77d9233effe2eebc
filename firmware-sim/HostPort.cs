using System.Globalization;
using System.Net;

namespace FirmwareSim;

/// <summary>Where to connect to or to listen: a host name or address, and a port.</summary>
internal sealed record HostPort(string Host, int Port)
{
    /// <summary>Reads <c>HOST:PORT</c>, also <c>[::1]:1883</c>; null when the text is not that or the port is outside 1..65535.</summary>
    public static HostPort? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)) return null;
        if (port is < 1 or > 65535) return null;
        return new HostPort(text[..colon].Trim('[', ']'), port);
    }

    /// <summary>
    /// The address to listen on; null for a name other than <c>localhost</c>, which would not say which interface is meant.
    /// </summary>
    public IPEndPoint? ToListenAddress() =>
        Host == "localhost" ? new IPEndPoint(IPAddress.Loopback, Port)
        : IPAddress.TryParse(Host, out IPAddress? address) ? new IPEndPoint(address, Port)
        : null;

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
