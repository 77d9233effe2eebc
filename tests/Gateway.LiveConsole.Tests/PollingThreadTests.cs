using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Gateway.Access;
using Gateway.Links.Mqtt;
using Gateway.LiveConsole.Tests.Mqtt;
using Gateway.Protocols.Mqtt;
using Gateway.Store;
using Gateway.Testing.Mqtt;
using Gateway.Uplink;
using Gateway.Uplink.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.LiveConsole.Tests;

/// <summary>With inline completions, whatever continues after a socket call runs on the thread that polls all devices. Only device code may.</summary>
public sealed class PollingThreadTests
{
    // The process sets the same switch in Program.cs; it is read once, at the first socket.
    [ModuleInitializer]
    internal static void SwitchOn() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    private static bool OnPollingThread => !Thread.CurrentThread.IsThreadPoolThread;

    [Fact]
    public async Task A_device_connection_is_read_on_the_polling_thread()
    {
        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(new Probe(seen));
        builder.Services.Configure<SocketTransportOptions>(o => o.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseConnectionHandler<Probe>()));
        await using var server = builder.Build();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var device = new TcpClient();
        await device.ConnectAsync(IPAddress.Loopback, new Uri(server.Urls.First()).Port, TestContext.Current.CancellationToken);
        // The first byte may have been there before the handler asked; the second one wakes a waiting read.
        for (int i = 0; i < 50 && !seen.Task.IsCompleted; i++)
        {
            await device.GetStream().WriteAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);
            await Task.WhenAny(seen.Task, Task.Delay(20, TestContext.Current.CancellationToken));
        }
        Assert.True(await seen.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Console_requests_run_on_pool_threads()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        await using var console = builder.Build();
        var seen = new List<bool>();
        console.Run(async http =>
        {
            seen.Add(OnPollingThread);
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            seen.Add(OnPollingThread);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            seen.Add(OnPollingThread);
        });
        await console.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        for (int i = 0; i < 20; i++) await client.PostAsync(console.Urls.First(), new ByteArrayContent(new byte[8]), TestContext.Current.CancellationToken);
        Assert.Equal(60, seen.Count);
        Assert.DoesNotContain(true, seen);
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(400, "unable to parse 'x'")]
    [InlineData(503, "busy")]
    public async Task What_follows_an_answer_to_the_uplink_runs_on_a_pool_thread(int status, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        await using var store = builder.Build();
        store.Run(async http =>
        {
            http.Response.StatusCode = status;
            await Task.Delay(5, http.RequestAborted);
            if (body.Length > 0) await http.Response.WriteAsync(body, http.RequestAborted);
        });
        await store.StartAsync(TestContext.Current.CancellationToken);
        var options = new UplinkTargetOptions { Name = "t", Url = store.Urls.First() };
        using var client = new TargetClient(options, new TargetCredentials(options, TimeProvider.System), TimeProvider.System, UplinkWay.Live);
        // On a thread without the test runner's context, which would move every continuation.
        await Task.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                await client.SendAsync("m f=1 1\n"u8.ToArray(), TestContext.Current.CancellationToken);
                Assert.False(OnPollingThread);
            }
        }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Handshakes_run_on_pool_threads()
    {
        using var loggers = new ThreadWitness("Microsoft.AspNetCore.Server.Kestrel.Https");
        await using var rig = await TlsRig.StartAsync(loggers: loggers);
        for (int i = 0; i < 20; i++)
        {
            using var client = await rig.DialAsync(rig.Clients.Client("c1"));
            Assert.Equal(MqttReason.Success, (await client.ConnectAsync("c1"))?.Reason);
        }
        // At least the word that a handshake is done, from the thread that did it.
        Assert.True(loggers.Seen.Count >= 20);
        Assert.DoesNotContain(true, loggers.Seen);
    }

    [Fact]
    public async Task A_password_that_takes_seconds_does_not_keep_other_connections_of_the_plain_listener_waiting()
    {
        await using var rig = new ListenerRig(TlsRig.Members);
        using (var store = StateStore.Open(rig.Store.StatePath)) store.Commit(() => store.KeepDevicePassword(new DevicePassword("c1", PasswordHash.OfNobody(8_000_000), 1)));
        rig.Access.Look();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(rig.Link);
        builder.Services.Configure<SocketTransportOptions>(o => o.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseConnectionHandler<MqttLink>()));
        await using var server = builder.Build();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var other = await DialAsync(server);
        Assert.Equal(MqttReason.Success, (await other.ConnectAsync("other"))?.Reason);
        using var device = await DialAsync(server);
        var slow = device.ConnectAsync("device", "c1", "whatever it is");
        for (int i = 0; i < 5; i++) await other.PingAsync();
        Assert.False(slow.IsCompleted);
        Assert.Equal(MqttReason.BadUserNameOrPassword, (await slow)?.Reason);
    }

    private static async Task<MqttTestClient> DialAsync(WebApplication server)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Urls.First()).Port, TestContext.Current.CancellationToken);
        return new MqttTestClient(socket.GetStream());
    }

    /// <summary>Notes for each line logged under a category whether the polling thread wrote it.</summary>
    private sealed class ThreadWitness(string category) : ILoggerFactory, ILogger
    {
        public ConcurrentBag<bool> Seen { get; } = [];

        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith(category, StringComparison.Ordinal) ? this : NullLogger.Instance;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Seen.Add(OnPollingThread);

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
            // Holds nothing.
        }
    }

    private sealed class Probe(TaskCompletionSource<bool> seen) : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            while (!seen.Task.IsCompleted)
            {
                var read = await connection.Transport.Input.ReadAsync();
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
                if (OnPollingThread) seen.TrySetResult(true);
                if (read.IsCompleted) return;
            }
        }
    }
}
