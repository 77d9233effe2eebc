using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Gateway.Uplink;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
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
        using var client = new TargetClient(new UplinkTargetOptions { Name = "t", Url = store.Urls.First() }, TimeProvider.System);
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
