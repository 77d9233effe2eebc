using System.Net;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>The simulated site, told what should go wrong over its control port.</summary>
internal sealed class FirmwareSim : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly ChildProcess _process;

    private FirmwareSim(GatewayUnderTest gateway, string busPath, double rate, string[] more)
    {
        int control = FreePort.Next();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{control}/") };
        _process = ChildProcess.Start("dotnet",
        [
            Repository.FirmwareSimFile, "--mqtt", $"127.0.0.1:{gateway.MqttPort}", "--hj212", $"127.0.0.1:{gateway.Hj212Port}", "--bus", busPath,
            "--control", $"127.0.0.1:{control}", "--rate", rate.ToString(System.Globalization.CultureInfo.InvariantCulture), .. more,
        ]);
    }

    public static Task<FirmwareSim> StartAsync(GatewayUnderTest gateway, string busPath, double rate = 1, params string[] more) => UpAsync(new FirmwareSim(gateway, busPath, rate, more));

    /// <summary>The black boxes beside the rest of the site.</summary>
    public static Task<FirmwareSim> StartWithBoxesAsync(GatewayUnderTest gateway, string busPath, int goyoPort, int tx101Port, double rate) =>
        UpAsync(new FirmwareSim(gateway, busPath, rate, ["--goyo", $"127.0.0.1:{goyoPort}", "--tx101", $"127.0.0.1:{tx101Port}"]));

    private static Task<FirmwareSim> UpAsync(FirmwareSim started) => Peer.UpAsync(started, site =>
        Eventually.GetAsync("firmware-sim is up", Eventually.Seconds(20), async () =>
        {
            Assert.False(site._process.HasExited, $"firmware-sim ended:\n{site._process.Said}");
            return (await site._http.GetAsync("")).StatusCode;
        }, status => status == HttpStatusCode.OK));

    public async Task CommandAsync(string command, string? target = null, int? value = null)
    {
        using var answer = await _http.PostAsync($"commands/{command}{(target is null ? "" : $"?target={target}")}{(value is null ? "" : $"&value={value}")}", null);
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, $"{command} {target}: {await answer.Content.ReadAsStringAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
    }
}
