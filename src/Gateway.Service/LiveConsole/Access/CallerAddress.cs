using System.Net;
using Gateway.Access;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Where a request comes from.</summary>
internal static class CallerAddress
{
    /// <summary>The address as the throttle counts it.</summary>
    public static string Of(HttpContext http) => AddressKey.Of(http.Connection.RemoteIpAddress);

    public static bool MayReadAnonymously(HttpContext http, AccessOptions options) =>
        options.AnonymousRead && (options.AnonymousReadFromAnywhere || IsThisMachine(http));

    /// <summary>A proxy on this machine makes the whole world come from loopback; it says so in a header.</summary>
    private static bool IsThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded");
}
