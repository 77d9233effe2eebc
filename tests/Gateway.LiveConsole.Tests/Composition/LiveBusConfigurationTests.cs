using Gateway.Domain.Configuration;
using Gateway.Service.Composition;
using Gateway.Testing;
using Xunit;

namespace Gateway.LiveConsole.Tests.Composition;

public sealed class LiveBusConfigurationTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_is_off_by_default_and_then_needs_nothing()
    {
        Assert.False(Load("{}", out var problems).LiveBus.Enabled);
        Assert.Empty(problems);
        Assert.Empty(Problems("""{ "LiveBus": { "Enabled": false } }"""));
    }

    [Fact]
    public void On_it_needs_a_host_and_has_a_name_of_its_own_beside_the_devices_brokers()
    {
        var bus = Load("""{ "Gateway": { "Id": "gw-7" }, "LiveBus": { "Enabled": true, "Host": "bus.example" } }""", out var problems).LiveBus;
        Assert.Empty(problems);
        Assert.Equal(("gateway-gw-7-bus", "gateway", "live-bus"), (bus.ClientId, bus.TopicRoot, bus.Id));
        Assert.Contains(Problems("""{ "LiveBus": { "Enabled": true } }"""), p => p.StartsWith("LiveBus.Host", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Enabled": true, "Host": "b", "TopicRoot": "a/#" }""", "LiveBus.TopicRoot")]
    [InlineData("""{ "Enabled": true, "Host": "b", "Topics": [ { "Filter": "x/#" } ] }""", "LiveBus.Topics")]
    [InlineData("""{ "Enabled": true, "Host": "b", "PasswordFile": "nowhere" }""", "LiveBus.PasswordFile")]
    [InlineData("""{ "Enabled": true, "Host": "mqtt://b" }""", "LiveBus.Host")]
    [InlineData("""{ "Enabled": true, "Host": "b", "Port": 0 }""", "LiveBus.Port")]
    [InlineData("""{ "Enabled": true, "Host": "b", "Qos": 2 }""", "LiveBus.Qos")]
    public void What_is_wrong_is_named_with_its_place(string bus, string place) =>
        Assert.Contains(Problems($$"""{ "LiveBus": {{bus}} }"""), p => p.StartsWith(place, StringComparison.Ordinal));

    [Fact]
    public void The_name_of_a_device_s_broker_connection_cannot_be_used_twice() => Assert.Contains(
        Problems("""{ "Brokers": [ { "Id": "yard", "Host": "b", "ClientId": "x" } ], "LiveBus": { "Enabled": true, "Host": "b", "ClientId": "x" } }"""), p => p.StartsWith("LiveBus.ClientId", StringComparison.Ordinal));

    [Fact]
    public void The_hash_of_the_file_and_the_names_of_what_overrides_it_are_kept_for_the_evidence()
    {
        var configuration = Load("""{ "Gateway": { "Id": "gw-7" } }""", out _);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(configuration.File))), configuration.Sha256);
        Assert.Empty(configuration.Overrides);
    }

    private List<string> Problems(string text)
    {
        Load(text, out var problems);
        return problems;
    }

    private GatewayConfiguration Load(string text, out List<string> problems)
    {
        File.WriteAllText(_directory.File("gateway.json"), text);
        var found = new Problems();
        var configuration = GatewayConfiguration.Load(_directory.File("gateway.json"), found);
        problems = [.. found.Items.Select(p => $"{p.Place}: {p.Text}")];
        return configuration;
    }
}
