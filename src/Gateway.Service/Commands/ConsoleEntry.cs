using System.Net;
using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;

namespace Gateway.Service.Commands;

/// <summary>
/// Lets a command in at the console of the gateway that runs on this machine: whoever may write the store's folder makes himself a one-time link, which stands in the audit.
/// </summary>
internal static class ConsoleEntry
{
    /// <exception cref="IOException">The gateway does not run, or does not let us in.</exception>
    public static async Task<HttpClient> OpenAsync(GatewayConfiguration configuration, Role role, CancellationToken stop)
    {
        var (outcome, token) = new AccountCommands(configuration.Store, new GatewayClock(TimeProvider.System), $"cli:{Environment.UserName}").Link(null, role);
        if (token is null) throw new IOException(outcome.Words());
        var address = IPAddress.Parse(configuration.Console.Address);
        if (address.Equals(IPAddress.Any)) address = IPAddress.Loopback;
        if (address.Equals(IPAddress.IPv6Any)) address = IPAddress.IPv6Loopback;
        var console = new HttpClient { BaseAddress = new Uri($"http://{new IPEndPoint(address, configuration.Console.Port)}") };
        console.DefaultRequestHeaders.Add("X-Gateway-Request", "1");
        try
        {
            using var entered = await console.PostAsJsonAsync("/api/v1/session/link", new LinkBody(token, null, null), AccessJson.Default.LinkBody, stop);
            if (entered.IsSuccessStatusCode) return console;
            throw new IOException($"the console at {console.BaseAddress} answers {(int)entered.StatusCode}");
        }
        catch (HttpRequestException refused)
        {
            throw new IOException($"no gateway answers at {console.BaseAddress}: {refused.Message}");
        }
    }
}
