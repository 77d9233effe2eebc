using System.Net;
using Microsoft.Extensions.Primitives;

namespace Gateway.Service.LiveConsole.Mqtt;

/// <summary>Which page a browser shows that wants to connect (RFC 6454): anybody's page can make the browser of somebody on the site's network speak to us.</summary>
internal static class PageOrigin
{
    /// <param name="origin">The header; programs that are no browser send none, and speak for nobody but themselves.</param>
    /// <param name="host">What the browser believes to speak to.</param>
    /// <param name="listed">Origins the operator allows.</param>
    public static bool MayConnect(StringValues origin, HostString host, IEnumerable<string> listed)
    {
        if (origin.Count == 0) return true;
        if (origin is not [{ } text]) return false;
        if (listed.Contains(text, StringComparer.OrdinalIgnoreCase)) return true;
        // Our own page, but only when it was called by address: a name can be made to lead here by whoever owns it, and its pages would then be of the same origin.
        return Uri.TryCreate(text, UriKind.Absolute, out var page) && (IPAddress.TryParse(page.Host.Trim('[', ']'), out _) || page.Host == "localhost")
            && string.Equals(page.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
