using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Gateway.Links.MqttClient;

/// <summary>Makes connections to one broker.</summary>
internal interface IBrokerDialer
{
    /// <returns>Exactly one of the two.</returns>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancel"/> asks for it.</exception>
    Task<(BrokerTransport? Transport, BrokerEnd? Failure)> DialAsync(CancellationToken cancel);
}

/// <summary>TCP, and TLS over it. Failures of the network are outcomes, not exceptions.</summary>
internal sealed class BrokerDialer(BrokerOptions options, TimeProvider time) : IBrokerDialer
{
    public async Task<(BrokerTransport? Transport, BrokerEnd? Failure)> DialAsync(CancellationToken cancel)
    {
        if (options.Tls.Enabled && BrokerTls.Check(options.Tls) is { } unusable) return (null, BrokerEnd.Refused($"TLS: {unusable}"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.ConnectTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.PortInUse, either.Token);
            // Whatever follows must not run on the polling thread the connection completed on (Program.cs).
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return (new BrokerTransport(options.Tls.Enabled ? await SecureAsync(plain, either.Token) : plain, time), null);
        }
        catch (Exception failed) when (failed is SocketException or IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            return (null, limit.IsCancellationRequested ? BrokerEnd.Lost($"no connection within {options.ConnectTimeoutSeconds} s") : Judge(failed));
        }
    }

    /// <summary>A certificate that is not believed, ours or theirs, stays so until somebody changes it.</summary>
    private static BrokerEnd Judge(Exception failed) =>
        failed is AuthenticationException ? BrokerEnd.Refused($"TLS: {failed.GetBaseException().Message}") : BrokerEnd.Lost(failed.Message);

    private async Task<Stream> SecureAsync(NetworkStream plain, CancellationToken cancel)
    {
        var tls = new SslStream(plain, leaveInnerStreamOpen: false);
        // The hand-shake is a millisecond of arithmetic: on a thread of the pool, not where sockets complete.
        await using var cut = cancel.Register(static stream => ((SslStream)stream!).Dispose(), tls);
        try
        {
            await Task.Run(() => tls.AuthenticateAsClient(BrokerTls.Client(options.Tls, options.Host)), CancellationToken.None);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }
}
