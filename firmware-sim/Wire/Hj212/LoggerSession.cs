using System.Net.Sockets;
using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Hj212;

/// <summary>One connection of a logger with a memory: live reports, minute data, a heartbeat of 2025's kind, and everything it is asked for.</summary>
internal sealed class LoggerSession(Device device, LoggerMemory memory, LoggerDesk desk, PendingFrames pending, LoggerIdentity identity, double rate, TimeProvider time, Journal journal) : ILinkSession
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>A late reply comes after the other side has repeated its request.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(12);

    private readonly Hj212Sender _sender = new(device, time);
    private readonly Lock _gate = new();
    private readonly Queue<(long At, byte[] Frame)> _answers = new();
    private DateTimeOffset _lastQn;

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
                foreach (string data in reader.FeedData(buffer.AsSpan(0, count))) Take(data);
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
        TimeSpan liveAt = TimeSpan.Zero, beatAt = TimeSpan.Zero;
        var reported = memory.StartOf(memory.DeviceTime);
        try
        {
            while (true)
            {
                var elapsed = time.GetElapsedTime(startedAt);
                if (device.Effects.IsSpeaking)
                {
                    foreach (byte[] repeated in pending.TakeDue()) await _sender.SendAsync(stream, repeated, stop);
                    while (TakeAnswer(out byte[] answer)) await _sender.SendAsync(stream, answer, stop);
                    if (elapsed >= beatAt)
                    {
                        beatAt = elapsed + TimeSpan.FromSeconds(60 / rate);
                        await _sender.SendAsync(stream, Hj212Frame.Wrap($"QN={NextQn()};ST=39;CN=9015;PW={identity.Password};MN={identity.Number};Flag=9;CP=&&&&"), stop);
                    }
                    if (elapsed >= liveAt && memory.Last() is { } sample)
                    {
                        liveAt = elapsed + TimeSpan.FromSeconds(memory.RtdSeconds / rate);
                        string qn = NextQn();
                        await SendAsync(stream, qn, Hj212Frame.RealTimeReport(qn, identity.Password, identity.Number, DustFactors.Of(sample)), stop);
                    }
                    reported = await ReportMinutesAsync(stream, reported, stop);
                }
                await Task.Delay(Step, time, stop);
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

    private void Take(string data)
    {
        if (Hj212Reply.Parse(data) is { } reply) pending.Settle(reply);
        if (Hj212Command.Parse(data) is not { } command) return;
        var answers = desk.Answer(command);
        if (answers.Count == 0) return;
        journal.Write($"{device.Id}: asked for {command.Cn}, {answers.Count} frames");
        long at = time.GetTimestamp() + (device.Effects.Find(EffectKind.LateReply) is { } late ? (long)((late.Value > 0 ? late.Value : Late.TotalSeconds) * time.TimestampFrequency) : 0);
        lock (_gate)
            foreach (byte[] answer in answers) _answers.Enqueue((at, answer));
    }

    private bool TakeAnswer(out byte[] frame)
    {
        lock (_gate)
        {
            frame = [];
            if (!_answers.TryPeek(out var next) || next.At > time.GetTimestamp()) return false;
            frame = _answers.Dequeue().Frame;
            return true;
        }
    }

    /// <summary>Sends the minutes that ended since; what ended without a connection is only told when asked for.</summary>
    private async Task<DateTimeOffset> ReportMinutesAsync(NetworkStream stream, DateTimeOffset reported, CancellationToken stop)
    {
        var current = memory.StartOf(memory.DeviceTime);
        if (current <= reported) return current < reported ? current : reported;
        foreach (var (start, items) in memory.Between(reported, current))
        {
            string qn = NextQn();
            await SendAsync(stream, qn, desk.MinuteReport(qn, start, items), stop);
        }
        return current;
    }

    private async Task SendAsync(NetworkStream stream, string qn, byte[] frame, CancellationToken stop)
    {
        pending.Add(qn, frame);
        await _sender.SendAsync(stream, frame, stop);
    }

    private string NextQn()
    {
        var now = memory.DeviceTime;
        _lastQn = now > _lastQn || _lastQn - now > TimeSpan.FromSeconds(1) ? now : _lastQn.AddMilliseconds(1);
        return Hj212Frame.RequestNumber(_lastQn);
    }
}

/// <summary>Who a logger says it is.</summary>
internal sealed record LoggerIdentity(string Number, string Password);
