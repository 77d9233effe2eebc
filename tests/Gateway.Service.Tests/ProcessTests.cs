using System.Net;
using System.Net.Sockets;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>The program as an operator meets it: exit codes, and one clear line for what is wrong.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Asked_to_stop_it_exits_with_0_and_the_next_start_finds_the_data()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync();
        await using (var crane = new MqttDevice("crane-1", gateway.MqttPort))
        {
            await crane.ConnectAsync();
            await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 110));
        }
        Assert.Equal(0, await gateway.StopAsync());
        Assert.Empty(gateway.Process.Errors);

        await gateway.StartAsync();
        Assert.Single(await gateway.Console.AlarmsAsync("crane-moment-alarm", "crane-1"));
        Assert.Equal(1, (await gateway.Console.GetAsync("/api/v1/site")).GetProperty("frontiers").GetProperty("committed").GetInt64());
    }

    [Fact]
    public async Task A_port_in_use_is_one_line()
    {
        await using var gateway = Small();
        using var other = new TcpListener(IPAddress.Loopback, gateway.MqttPort);
        other.Start();
        await FailsAsync(gateway, $"{gateway.MqttPort}");
    }

    [Fact]
    public async Task A_key_nobody_knows_is_one_line()
    {
        await using var gateway = Small();
        gateway.Configuration["Mqtt"]!["Prot"] = 1883;
        await FailsAsync(gateway, "Mqtt.Prot");
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_one_line()
    {
        await using var gateway = Small();
        gateway.Configuration["Mqtt"]!["Port"] = "many";
        await FailsAsync(gateway, "Mqtt.Port");
    }

    [Fact]
    public async Task A_device_that_stands_twice_is_one_line()
    {
        await using var gateway = Small();
        var twin = SiteFiles.Crane("crane-1");
        twin["topic"] = "another/topic";
        gateway.Ledger["devices"]!.AsArray().Add(twin);
        await FailsAsync(gateway, "\"crane-1\"");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_is_one_line()
    {
        await using var gateway = Small();
        await File.WriteAllTextAsync(gateway["file"], "");
        gateway.Configuration["Store"]!["Directory"] = "file/data";
        await FailsAsync(gateway, gateway["file"]);
    }

    [Fact]
    public async Task The_version_and_the_check_of_the_demo_site_succeed()
    {
        await using var version = ChildProcess.Start(Repository.GatewayFile, ["version"]);
        Assert.Equal(0, await version.WaitForExitAsync(Eventually.Seconds(10)));
        Assert.StartsWith("gateway ", Assert.Single(version.Output), StringComparison.Ordinal);

        // Copied: checking tries the data folder, and that must not appear in the repository.
        using var folder = new ScratchFolder();
        foreach (string name in new[] { "gateway.json", "ledger.json" }) File.Copy(Repository.FileAt("deploy", "demo-site", name), folder[name]);
        await using var check = ChildProcess.Start(Repository.GatewayFile, ["check", "--config", folder["gateway.json"]]);
        Assert.True(await check.WaitForExitAsync(Eventually.Seconds(10)) == 0, check.Said);
        Assert.Contains(check.Output, l => l.Contains("demo-site: 10 devices", StringComparison.Ordinal));
    }

    private static GatewayUnderTest Small() => new(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));

    /// <summary>Both <c>run</c> and, where it can know, <c>check</c>: an exit code, a line that names the thing, nothing of our insides.</summary>
    private static async Task FailsAsync(GatewayUnderTest gateway, string named)
    {
        var (code, output, errors) = await gateway.RunToEndAsync("run");
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output + errors, StringComparison.Ordinal);
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.Contains(named, StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count == 1, $"expected one line on standard error that names {named}, saw {lines.Count} of:\n{errors}\nand on standard output:\n{output}");
    }
}
