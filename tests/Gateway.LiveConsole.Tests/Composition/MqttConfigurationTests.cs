using Gateway.Domain.Configuration;
using Gateway.Links.Mqtt;
using Gateway.Service.Composition;
using Gateway.Testing;
using Gateway.Testing.Mqtt;
using Xunit;

namespace Gateway.LiveConsole.Tests.Composition;

public sealed class MqttConfigurationTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void By_default_only_this_machine_comes_in_without_a_name_and_TLS_and_WebSocket_are_off()
    {
        var mqtt = Load("{}", out var problems).Mqtt;
        Assert.Empty(problems);
        Assert.Equal((true, AnonymousFrom.Loopback, false, false, "127.0.0.1", 8883), (mqtt.Enabled, mqtt.Anonymous, mqtt.Tls.Enabled, mqtt.WebSocket.Enabled, mqtt.Tls.Address, mqtt.Tls.Port));
        Assert.Null(mqtt.AnonymousPublish);
    }

    [Fact]
    public void A_listener_for_other_machines_needs_no_more_than_its_address_because_nobody_comes_in_without_a_password() =>
        Assert.Empty(Problems("""{ "Address": "0.0.0.0" }"""));

    [Fact]
    public void Lists_replace_the_default()
    {
        var mqtt = Load("""{ "Anonymous": "anywhere", "AnonymousPublish": ["site/#", "!site/x"], "AnonymousSubscribe": ["!#"], "WebSocket": { "Enabled": true, "Origins": ["https://tool.example:8443"] } }""", out var problems).Mqtt;
        Assert.Empty(problems);
        Assert.Equal(AnonymousFrom.Anywhere, mqtt.Anonymous);
        Assert.Equal(["site/#", "!site/x"], mqtt.AnonymousPublish!);
        Assert.Equal(["!#"], mqtt.AnonymousSubscribe!);
        Assert.Equal(["https://tool.example:8443"], mqtt.WebSocket.Origins!);
    }

    [Fact]
    public void Paths_of_certificates_lie_beside_the_file()
    {
        var server = new TestAuthority("site", TimeProvider.System.GetUtcNow()).Server();
        File.WriteAllText(_directory.File("server.pem"), server.Pem);
        File.WriteAllText(_directory.File("server.key"), server.KeyPem);
        var mqtt = Load("""{ "Enabled": false, "Tls": { "Enabled": true, "CertificateFile": "server.pem", "KeyFile": "server.key" } }""", out var problems).Mqtt;
        Assert.Empty(problems);
        Assert.Equal(_directory.File("server.key"), mqtt.Tls.KeyFile);
    }

    [Theory]
    [InlineData("""{ "AllowAnonymous": true }""", "Mqtt.AllowAnonymous", "is not known here")]
    [InlineData("""{ "Anonymous": "everywhere" }""", "Mqtt.Anonymous", "expected no, loopback or anywhere, saw \"everywhere\"")]
    [InlineData("""{ "AnonymousPublish": ["a/#/b"] }""", "Mqtt.AnonymousPublish[0]", "expected a topic filter, with a leading ! to deny it, saw \"a/#/b\": topic filter with # not at its end")]
    [InlineData("""{ "Tls": { "Enabled": true } }""", "Mqtt.Tls.CertificateFile", "is missing (TLS needs the server's certificate)")]
    [InlineData("""{ "Tls": { "Port": 99999 } }""", "Mqtt.Tls.Port", "must be between 0 and 65535.")]
    [InlineData("""{ "Tls": { "CertificateFiel": "x" } }""", "Mqtt.Tls.CertificateFiel", "is not known here")]
    [InlineData("""{ "Tls": { "Enabled": true, "RequireClientCertificate": true } }""", "Mqtt.Tls.ClientCaFile", "is missing (RequireClientCertificate needs the authorities to verify against)")]
    [InlineData("""{ "Tls": { "Enabled": true, "Address": "gateway" } }""", "Mqtt.Tls.Address", "expected an IP address, saw \"gateway\"")]
    [InlineData("""{ "WebSocket": { "Origins": ["tool.example"] } }""", "Mqtt.WebSocket.Origins[0]", "expected an origin as https://tool.example:8443, in lower case and without the scheme's own port, saw \"tool.example\"")]
    public void What_cannot_be_is_said_with_its_place(string mqtt, string place, string text) => Assert.Contains(Problems(mqtt), p => p.Place == place && p.Text == text);

    private IReadOnlyList<Problem> Problems(string mqtt)
    {
        Load(mqtt, out var problems);
        return problems;
    }

    private GatewayConfiguration Load(string mqtt, out IReadOnlyList<Problem> items)
    {
        File.WriteAllText(_directory.File("gateway.json"), $$"""{ "Mqtt": {{mqtt}} }""");
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(_directory.File("gateway.json"), problems);
        items = problems.Items;
        return configuration;
    }
}
