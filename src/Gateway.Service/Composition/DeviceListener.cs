using System.Net;
using System.Net.Sockets;
using Gateway.Links.BlackBoxes;
using Gateway.Links.Hj212;
using Gateway.Links.Mqtt;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Gateway.Service.Composition;

/// <summary>
/// A Kestrel server of its own for devices. Its sockets complete on the polling thread (see Program.cs), which saves a thread hop a message, and nothing that
/// may take long ever runs there: pages, sign-ins and uplinks live on other servers and threads.
/// </summary>
/// <remarks>Kestrel without a host around it: no container, no configuration, nothing that a web server needs and a device would wait for at the start.</remarks>
internal sealed class DeviceListener(GatewayConfiguration configuration, MqttLink mqtt, Hj212Link hj212, GoyoLink goyo, Tx101Link tx101, ILoggerFactory loggers) : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(500);

    private KestrelServer? _server;

    /// <exception cref="StartupException">An address is taken or not ours.</exception>
    public async Task StartAsync()
    {
        if (!configuration.Mqtt.Enabled && !configuration.Hj212.Enabled && !configuration.Goyo.Enabled && !configuration.Tx101.Enabled) return;
        var sockets = new SocketTransportOptions
        {
            UnsafePreferInlineScheduling = true,
            // What may wait unread of one connection; Kestrel's 1 MiB times 12 000 senders that we read more slowly would be all the memory.
            MaxReadBufferSize = 64 * 1024,
            CreateBoundListenSocket = ListenWithKeepAlive,
        };
        // Limits of HTTP do not apply here; each link keeps its own.
        var kestrel = new KestrelServerOptions();
        if (configuration.Mqtt.Enabled) Listen(kestrel, configuration.Mqtt.Address, configuration.Mqtt.Port, mqtt);
        if (configuration.Hj212.Enabled) Listen(kestrel, configuration.Hj212.Address, configuration.Hj212.Port, hj212);
        if (configuration.Goyo.Enabled) Listen(kestrel, configuration.Goyo.Address, configuration.Goyo.Port, goyo);
        if (configuration.Tx101.Enabled) Listen(kestrel, configuration.Tx101.Address, configuration.Tx101.Port, tx101);
        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(sockets), loggers), loggers);
        await StartupException.OfAddress(() => _server.StartAsync(new NoHttp(), CancellationToken.None));
    }

    /// <summary>Ends every connection; one that does not end in time is cut.</summary>
    public async Task StopAsync()
    {
        mqtt.Stopping();
        if (_server is null) return;
        using var limit = new CancellationTokenSource(StopLimit);
        await _server.StopAsync(limit.Token);
    }

    public void Dispose() => _server?.Dispose();

    /// <exception cref="StartupException">Another program listens where we should.</exception>
    public static void RefuseTakenAddresses(GatewayConfiguration configuration)
    {
        (string Address, int Port, bool Wanted)[] listeners =
        [
            (configuration.Mqtt.Address, configuration.Mqtt.Port, configuration.Mqtt.Enabled),
            (configuration.Mqtt.Tls.Address, configuration.Mqtt.Tls.Port, configuration.Mqtt.Tls.Enabled),
            (configuration.Hj212.Address, configuration.Hj212.Port, configuration.Hj212.Enabled),
            (configuration.Goyo.Address, configuration.Goyo.Port, configuration.Goyo.Enabled),
            (configuration.Tx101.Address, configuration.Tx101.Port, configuration.Tx101.Enabled),
            (configuration.Console.Address, configuration.Console.Port, true),
        ];
        foreach (var (address, port, _) in listeners.Where(l => l.Wanted && l.Port > 0))
        {
            var ip = IPAddress.Parse(address);
            using var probe = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(ip, port));
                probe.Listen();
            }
            catch (SocketException taken)
            {
                throw new StartupException($"cannot listen on {address}:{port}: {taken.Message}");
            }
        }
    }

    /// <summary>
    /// Asks silent peers on the TCP level whether they are still there, after a minute and three times: a device that lost its power, and had asked for no
    /// keep-alive of its own, would otherwise hold its connection for ever. Accepted sockets inherit it (Linux).
    /// </summary>
    private static Socket ListenWithKeepAlive(EndPoint at)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(at);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        return socket;
    }

    private static void Listen(KestrelServerOptions kestrel, string address, int port, ConnectionHandler link) => kestrel.Listen(IPAddress.Parse(address), port, listen => listen.Run(link.OnConnectedAsync));

    /// <summary>Kestrel ends each pipeline with HTTP; a link never calls what comes after it.</summary>
    private sealed class NoHttp : IHttpApplication<object>
    {
        public object CreateContext(IFeatureCollection contextFeatures) => throw Unreachable();

        public Task ProcessRequestAsync(object context) => throw Unreachable();

        public void DisposeContext(object context, Exception? exception) => throw Unreachable();

        private static InvalidOperationException Unreachable() => new("HTTP on a listener of devices");
    }
}

/// <summary>The process decides when servers stop, not each server for itself.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The gateway cannot start, and one line says why.</summary>
internal sealed class StartupException(string message) : Exception(message)
{
    /// <summary>Turns Kestrel's words for an address it cannot have into one line.</summary>
    public static async Task OfAddress(Func<Task> start)
    {
        try
        {
            await start();
        }
        catch (IOException taken)
        {
            throw new StartupException(taken.Message.Replace("http://", "", StringComparison.Ordinal));
        }
        catch (SocketException denied)
        {
            throw new StartupException($"cannot listen: {denied.Message}");
        }
    }
}
