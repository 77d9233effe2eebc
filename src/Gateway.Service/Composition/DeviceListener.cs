using System.Net;
using System.Net.Sockets;
using Gateway.Links.Hj212;
using Gateway.Links.Mqtt;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gateway.Service.Composition;

/// <summary>
/// A Kestrel server of its own for devices. Its sockets complete on the polling thread (see Program.cs), which saves a thread hop a message, and nothing that
/// may take long ever runs there: pages, sign-ins and uplinks live on other servers and threads.
/// </summary>
internal sealed class DeviceListener(GatewayConfiguration configuration, MqttLink mqtt, Hj212Link hj212, ILoggerFactory loggers) : IAsyncDisposable
{
    private WebApplication? _server;

    /// <exception cref="StartupException">An address is taken or not ours.</exception>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers).AddSingleton(mqtt).AddSingleton(hj212).AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<SocketTransportOptions>(o =>
        {
            o.UnsafePreferInlineScheduling = true;
            // What may wait unread of one connection; Kestrel's 1 MiB times 12 000 senders that we read more slowly would be all the memory.
            o.MaxReadBufferSize = 64 * 1024;
            o.CreateBoundListenSocket = ListenWithKeepAlive;
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Limits of HTTP do not apply here; each link keeps its own.
            if (configuration.Mqtt.Enabled) Listen(kestrel, configuration.Mqtt.Address, configuration.Mqtt.Port, l => l.UseConnectionHandler<MqttLink>());
            if (configuration.Hj212.Enabled) Listen(kestrel, configuration.Hj212.Address, configuration.Hj212.Port, l => l.UseConnectionHandler<Hj212Link>());
        });
        _server = builder.Build();
        if (!configuration.Mqtt.Enabled && !configuration.Hj212.Enabled) return;
        await StartupException.OfAddress(() => _server.StartAsync());
    }

    public async Task StopAsync()
    {
        mqtt.Stopping();
        if (_server is not null) await _server.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <exception cref="StartupException">Another program listens where we should.</exception>
    public static void RefuseTakenAddresses(GatewayConfiguration configuration)
    {
        (string Address, int Port, bool Wanted)[] listeners =
        [
            (configuration.Mqtt.Address, configuration.Mqtt.Port, configuration.Mqtt.Enabled),
            (configuration.Mqtt.Tls.Address, configuration.Mqtt.Tls.Port, configuration.Mqtt.Tls.Enabled),
            (configuration.Hj212.Address, configuration.Hj212.Port, configuration.Hj212.Enabled),
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

    private static void Listen(KestrelServerOptions kestrel, string address, int port, Action<ListenOptions> handler) => kestrel.Listen(IPAddress.Parse(address), port, handler);
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
