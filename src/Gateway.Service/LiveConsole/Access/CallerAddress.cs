using System.Net;
using System.Net.Sockets;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Where a request comes from.</summary>
internal static class CallerAddress
{
    /// <summary>The address as the throttle counts it: an IPv6 network of 64 bits is one, because one machine has all of its addresses.</summary>
    public static string Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is null) return "unknown address";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address)) return address.ToString();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    public static bool MayReadAnonymously(HttpContext http, AccessOptions options) =>
        options.AnonymousRead && (options.AnonymousReadFromAnywhere || IsThisMachine(http));

    /// <summary>A proxy on this machine makes the whole world come from loopback; it says so in a header.</summary>
    private static bool IsThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded");
}
