using Gateway.Links.Mqtt;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;

namespace Gateway.Service.LiveConsole.Mqtt;

/// <summary><c>GET /mqtt</c>: MQTT over WebSocket [§6], for tools in a browser. It asks for no identity of the console's: the CONNECT inside says who comes, and the listener's access judges it.</summary>
/// <remarks>The session cookie counts for nothing here, so a foreign page cannot borrow it; and no page but one of an allowed origin gets as far as a CONNECT.</remarks>
internal static class MqttEndpoint
{
    public const string Path = "/mqtt";

    /// <summary>The name of the standard [MQTT-6.0.0-3], and the one older browser libraries offer.</summary>
    private static readonly string[] Protocols = ["mqtt", "mqttv3.1"];

    public static void MapMqtt(this IEndpointRouteBuilder routes) => routes.MapGet(Path, ServeAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task ServeAsync(HttpContext http, MqttLink mqtt, GatewayConfiguration configuration)
    {
        var sockets = http.WebSockets;
        string? protocol = Protocols.FirstOrDefault(p => sockets.WebSocketRequestedProtocols.Contains(p, StringComparer.Ordinal));
        if (!sockets.IsWebSocketRequest || protocol is null)
        {
            await ApiProblem.WriteAsync(http, StatusCodes.Status400BadRequest, "expected a WebSocket with the subprotocol mqtt");
            return;
        }
        var origin = http.Request.Headers.Origin;
        if (!PageOrigin.MayConnect(origin, http.Request.Host, configuration.Mqtt.WebSocket.Origins ?? []))
        {
            await ApiProblem.WriteAsync(http, StatusCodes.Status403Forbidden, "a page of this origin may not connect; Mqtt.WebSocket.Origins lists those that may");
            return;
        }
        using var socket = await sockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol });
        var peer = new MqttPeer(http.Connection.RemoteIpAddress, null, http.Request.IsHttps, IsWebSocket: true);
        await new WebSocketTransport(socket).RunAsync(transport => mqtt.ServeAsync(transport, peer, _ => http.Abort()));
    }
}
