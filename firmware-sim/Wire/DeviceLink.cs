using System.Net.Sockets;
using FirmwareSim.Devices;

namespace FirmwareSim.Wire;

/// <summary>
/// Keeps one device connected as long as its effects let it: connects, runs a session, tears it down as the effects want, tries again.
/// </summary>
internal sealed class DeviceLink(Device device, HostPort peer, Func<ILinkSession> newSession, TimeProvider time, Journal journal)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How often a link looks whether an effect wants it gone or back.</summary>
    private static readonly TimeSpan EffectCheckInterval = TimeSpan.FromMilliseconds(100);

    private readonly Backoff _backoff = new();
    private string? _lastTrouble;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await WaitForWishAsync(stay: true, stop);
            if (stop.IsCancellationRequested) return;
            SessionEnd end = await ConnectAndServeAsync(stop);
            device.Traffic.Connected = false;
            if (end.WasEstablished) _backoff.Reset();
            if (end.Reason is null) continue;
            if (end.Reason != _lastTrouble) journal.Write($"{device.Id}: {end.Reason}; trying again");
            _lastTrouble = end.Reason;
            await Task.Delay(_backoff.Next(), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<SessionEnd> ConnectAndServeAsync(CancellationToken stop)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        attempt.CancelAfter(ConnectTimeout);
        try
        {
            await socket.ConnectAsync(peer.Host, peer.Port, attempt.Token);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            ILinkSession session = newSession();
            if (await session.OpenAsync(stream, attempt.Token) is { } refusal) return new SessionEnd(refusal, WasEstablished: false);
            return await ServeAsync(session, socket, stream, stop);
        }
        catch (OperationCanceledException)
        {
            string? reason = stop.IsCancellationRequested ? null : $"{peer} did not answer within {ConnectTimeout.TotalSeconds} s";
            return new SessionEnd(reason, WasEstablished: false);
        }
        catch (SocketException failure)
        {
            return new SessionEnd($"cannot reach {peer} ({failure.SocketErrorCode})", WasEstablished: false);
        }
        catch (IOException failure)
        {
            return new SessionEnd($"{peer} hung up while greeting ({failure.Message})", WasEstablished: false);
        }
    }

    private async Task<SessionEnd> ServeAsync(ILinkSession session, Socket socket, NetworkStream stream, CancellationToken stop)
    {
        device.Traffic.Connected = true;
        if (_lastTrouble is not null) journal.Write($"{device.Id}: connected to {peer}");
        _lastTrouble = null;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task leaving = WaitForWishAsync(stay: false, over.Token);
        Task<string> reading = session.ReadAsync(stream, over.Token);
        Task<string> writing = session.WriteAsync(stream, over.Token);
        Task first = await Task.WhenAny(leaving, reading, writing);
        device.Traffic.Connected = false;

        bool isWanted = first == leaving || stop.IsCancellationRequested;
        bool isReset = isWanted && !stop.IsCancellationRequested && device.Effects.LinkWish == LinkWish.Reset;
        if (isReset) Reset(socket);
        await over.CancelAsync();
        await Task.WhenAll(leaving, reading, writing);
        if (!isWanted) return new SessionEnd(await (first == reading ? reading : writing), WasEstablished: true);
        if (!isReset) await SayGoodbyeAsync(session, socket, stream);
        return new SessionEnd(null, WasEstablished: true);
    }

    /// <summary>Closing with a linger time of zero sends RST at once: the peer sees a dead device, not a goodbye.</summary>
    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private async Task SayGoodbyeAsync(ILinkSession session, Socket socket, NetworkStream stream)
    {
        using var patience = new CancellationTokenSource(GoodbyeTimeout, time);
        try
        {
            await session.CloseAsync(stream, patience.Token);
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
        {
            journal.Write($"{device.Id}: the link was gone before the goodbye ({failure.Message})");
        }
    }

    /// <summary>
    /// Returns when the effects let the device be connected (or, with <paramref name="stay"/> false, no longer do), or on stop.
    /// </summary>
    private async Task WaitForWishAsync(bool stay, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && device.Effects.LinkWish == LinkWish.Stay != stay)
            await Task.Delay(EffectCheckInterval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
