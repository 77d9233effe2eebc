using System.Net;
using System.Net.WebSockets;
using System.Text;
using Gateway.Access;
using Gateway.Links.Mqtt.Access;
using Gateway.Protocols.Mqtt;
using Gateway.Service.LiveConsole.Mqtt;
using Gateway.Testing.Mqtt;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.LiveConsole.Tests.Mqtt;

public class MqttWebSocketTests
{
    private const string Anywhere = """{ "Anonymous": "anywhere", "WebSocket": { "Enabled": true, "Origins": ["https://tool.example"] } }""";
    private const string Secret = "a-secret-of-c1";
    private const string Site = $$"""{ "version": 1, "site": { "id": "s1", "name": "s" }, {{TlsRig.Members}} }""";

    [Fact]
    public async Task A_device_signs_in_publishes_and_subscribes_over_a_WebSocket()
    {
        await using var console = await StartWithPasswordAsync();
        using var socket = await OpenAsync(console);
        using var client = Client(socket);
        Assert.Equal("mqtt", socket.SubProtocol);
        Assert.Equal(MqttReason.Success, (await client.ConnectAsync("c1", "c1", Secret))?.Reason);
        Assert.Equal(MqttReason.GrantedQos1, await client.SubscribeAsync("site/s1/crane/c1/#"));
        Assert.Equal(MqttReason.Success, await client.PublishAsync("site/s1/crane/c1/telemetry"));
        Assert.Equal("site/s1/crane/c1/telemetry", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Packets_need_not_fit_into_frames()
    {
        await using var console = await StartWithPasswordAsync();
        using var socket = await OpenAsync(console);
        byte[] connect = [0x10, 17, 0, 4, .. "MQTT"u8, 4, 2, 0, 60, 0, 5, .. "split"u8, 0xC0, 0];
        // A CONNECT of 3.1.1 without a name, in frames of three bytes, the last of which begins another packet.
        foreach (byte[] frame in connect.Chunk(3)) await socket.SendAsync(frame, WebSocketMessageType.Binary, true, default);
        byte[] answer = new byte[16];
        var received = await socket.ReceiveAsync(answer, default);
        Assert.Equal([0x20, 2, 0, 5], answer[..received.Count]);
    }

    [Fact]
    public async Task The_consoles_cookie_is_no_way_in()
    {
        await using var console = await WholeConsole.StartAsync();
        using var admin = await console.SignedInAsync("lin", Role.Administrator);
        using var socket = await OpenAsync(console, cookie: admin.Cookie);
        using var client = Client(socket);
        Assert.Equal(MqttReason.NotAuthorized, (await client.ConnectAsync("x"))?.Reason);
    }

    [Fact]
    public async Task Without_a_name_one_comes_in_only_where_that_is_open_to_everybody()
    {
        await using var closed = await WholeConsole.StartAsync();
        await using var open = await WholeConsole.StartAsync(Anywhere);
        using var one = await OpenAsync(closed);
        using var other = await OpenAsync(open);
        using var refused = Client(one);
        using var welcome = Client(other);
        Assert.Equal(MqttReason.NotAuthorized, (await refused.ConnectAsync("x"))?.Reason);
        Assert.Equal(MqttReason.Success, (await welcome.ConnectAsync("x"))?.Reason);
    }

    [Theory]
    [InlineData(null, "127.0.0.1:8080", true)]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080", true)]
    [InlineData("http://[::1]:8080", "[::1]:8080", true)]
    [InlineData("http://localhost:8080", "localhost:8080", true)]
    [InlineData("http://192.168.1.5", "192.168.1.5", true)]
    [InlineData("https://tool.example", "192.168.1.5:8080", true)]
    [InlineData("https://tool.example:444", "192.168.1.5:8080", false)]
    [InlineData("http://127.0.0.1:9999", "127.0.0.1:8080", false)]
    [InlineData("http://evil.example", "192.168.1.5:8080", false)]
    // Rebinding: the name leads here, so the browser takes us for its page's own server.
    [InlineData("http://evil.example:8080", "evil.example:8080", false)]
    [InlineData("null", "127.0.0.1:8080", false)]
    [InlineData("", "127.0.0.1:8080", false)]
    [InlineData("http://127.0.0.1:8080@evil.example", "127.0.0.1:8080", false)]
    [InlineData("http://127.0.0.1.evil.example:8080", "127.0.0.1.evil.example:8080", false)]
    public void A_page_may_connect_from_the_console_called_by_address_or_from_the_list(string? origin, string host, bool may) =>
        Assert.Equal(may, PageOrigin.MayConnect(origin is null ? default : new(origin), new HostString(host), ["https://tool.example"]));

    [Fact]
    public void Two_origins_are_none() => Assert.False(PageOrigin.MayConnect(new(["https://tool.example", "https://tool.example"]), new HostString("h"), ["https://tool.example"]));

    [Theory]
    [InlineData("http://evil.example", "mqtt", HttpStatusCode.Forbidden)]
    [InlineData(null, "chat", HttpStatusCode.BadRequest)]
    public async Task A_foreign_page_or_another_protocol_gets_no_WebSocket(string? origin, string protocol, HttpStatusCode status)
    {
        await using var console = await WholeConsole.StartAsync(Anywhere);
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(console, socket, protocol, origin));
        Assert.Equal(status, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_plain_request_is_told_what_is_expected_and_where_it_is_off_there_is_nothing()
    {
        await using var on = await WholeConsole.StartAsync();
        await using var off = await WholeConsole.StartAsync("{}");
        using var client = on.Client();
        using var other = off.Client();
        Assert.Equal((HttpStatusCode.BadRequest, "expected a WebSocket with the subprotocol mqtt"), (await client.GetAsync("/mqtt") is var answer ? (answer.Status, answer.Detail) : default));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/mqtt")).Status);
    }

    [Fact]
    public async Task A_text_frame_closes_the_connection()
    {
        await using var console = await WholeConsole.StartAsync(Anywhere);
        using var socket = await OpenAsync(console);
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, default);
        var received = await socket.ReceiveAsync(new byte[16], default);
        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.InvalidMessageType), (received.MessageType, socket.CloseStatus));
    }

    [Fact]
    public async Task The_end_of_a_session_is_said_in_MQTT_and_then_in_WebSocket()
    {
        await using var console = await WholeConsole.StartAsync(Anywhere);
        using var first = await OpenAsync(console);
        using var client = Client(first);
        await client.ConnectAsync("x");
        using var second = await OpenAsync(console);
        using var other = Client(second);
        await other.ConnectAsync("x");
        Assert.Equal(MqttReason.SessionTakenOver, await client.EndedAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, first.CloseStatus);
    }

    private static async Task<WholeConsole> StartWithPasswordAsync()
    {
        var console = await WholeConsole.StartAsync(ledger: Site);
        await console.Engine.WriteAsync((state, nowMs) => DevicePasswordSteps.Set(state, nowMs, "test", "c1", PasswordHash.Make(Secret, PasswordHash.IterationsMin)));
        // Read when the first connection asks for it.
        console.Services.GetRequiredService<MqttAccess>();
        return console;
    }

    private static MqttTestClient Client(WebSocket socket) => new(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false));

    private static async Task<ClientWebSocket> OpenAsync(WholeConsole console, ClientWebSocket? socket = null, string protocol = "mqtt", string? origin = null, string? cookie = null)
    {
        socket ??= new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.AddSubProtocol(protocol);
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        if (cookie is not null) socket.Options.SetRequestHeader("Cookie", $"gateway-session={cookie}");
        var address = new UriBuilder(console.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) { Scheme = "ws", Path = "/mqtt" };
        await socket.ConnectAsync(address.Uri, default);
        return socket;
    }
}
