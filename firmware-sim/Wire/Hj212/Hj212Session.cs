using System.Net.Sockets;
using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Hj212;

/// <summary>
/// One connection of an HJ 212 monitor: a real-time report on schedule, repetitions of what was not acknowledged, replies read.
/// </summary>
internal sealed class Hj212Session(
    Device device, Hj212Writer writer, PendingFrames pending, TimeSpan interval, TimeProvider time, Journal journal) : ILinkSession
{
    private static readonly TimeSpan RepeatCheckInterval = TimeSpan.FromMilliseconds(100);

    private readonly Hj212Sender _sender = new(device, time);

    /// <summary>The standard has no greeting: whoever is connected talks.</summary>
    public Task<string?> OpenAsync(NetworkStream stream, CancellationToken stop) => Task.FromResult<string?>(null);

    public async Task<string> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        var reader = new Hj212ReplyReader();
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                int count = await stream.ReadAsync(buffer, stop);
                if (count == 0) return "the other side closed the connection";
                foreach (Hj212Reply reply in reader.Feed(buffer.AsSpan(0, count))) pending.Settle(reply);
                if (reader.TakeBadFrames() is > 0 and int bad) journal.Write($"{device.Id}: skipped {bad} × what is no valid reply");
            }
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return $"connection lost ({failure.Message})";
        }
    }

    public async Task<string> WriteAsync(NetworkStream stream, CancellationToken stop)
    {
        long startedAt = time.GetTimestamp();
        TimeSpan nextReportAt = TimeSpan.Zero;
        try
        {
            while (true)
            {
                bool isReportDue = time.GetElapsedTime(startedAt) >= nextReportAt;
                if (isReportDue) nextReportAt += interval;
                if (device.Effects.IsSpeaking) await SendDueAsync(stream, isReportDue, stop);
                TimeSpan untilReport = nextReportAt - time.GetElapsedTime(startedAt);
                await Task.Delay(Min(RepeatCheckInterval, Max(TimeSpan.Zero, untilReport)), time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return $"connection lost ({failure.Message})";
        }
    }

    public Task CloseAsync(NetworkStream stream, CancellationToken stop) => stream.FlushAsync(stop);

    private async Task SendDueAsync(NetworkStream stream, bool isReportDue, CancellationToken stop)
    {
        foreach (byte[] repeated in pending.TakeDue()) await SendAsync(stream, repeated, stop);
        if (!isReportDue) return;
        (string requestNumber, byte[] frame) = writer.NextReport();
        pending.Add(requestNumber, frame);
        await SendAsync(stream, frame, stop);
    }

    private Task SendAsync(NetworkStream stream, byte[] frame, CancellationToken stop) => _sender.SendAsync(stream, frame, stop);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
