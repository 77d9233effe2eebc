using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Protocols.Hj212;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Links.Hj212;

/// <summary>One data logger's connection. Loggers send a frame every few seconds, so a frame may allocate; nothing here waits for the disk.</summary>
internal sealed class Hj212Connection(ConnectionContext context, Hj212Link link) : IAcknowledge
{
    private readonly DecodedMessage _message = new();
    private readonly Dictionary<string, DeviceRoute> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, byte[]> _answers = new();
    private readonly ConcurrentQueue<byte[]> _ready = new();
    private readonly byte[] _scratch = new byte[Hj212Limits.FrameBytesMax];
    private long _token;
    private int _sending;

    public async Task RunAsync()
    {
        var input = context.Transport.Input;
        using var idle = new CancellationTokenSource(TimeSpan.FromSeconds(link.Options.IdleTimeoutSeconds), link.Clock.Time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(idle.Token);
                idle.TryReset();
                idle.CancelAfter(TimeSpan.FromSeconds(link.Options.IdleTimeoutSeconds));
                long receivedAtMs = link.Clock.NowMs();
                bool full = false;
                var buffer = result.Buffer;
                while (!full)
                {
                    var scan = Hj212Scanner.Read(buffer);
                    if (scan.SkippedBytes + scan.DroppedBytes > 0) link.CountForeign(scan.SkippedBytes + scan.DroppedBytes);
                    if (scan.Drop != Hj212DropReason.None) link.Count(scan.Drop == Hj212DropReason.TooLong ? "tooLong" : "truncated");
                    if (scan.Status == OperationStatus.Done && !Handle(scan.Frame, receivedAtMs))
                    {
                        full = true;
                        break;
                    }
                    buffer = buffer.Slice(scan.Consumed);
                    if (scan.Status == OperationStatus.NeedMoreData) break;
                }
                input.AdvanceTo(buffer.Start, full ? buffer.Start : buffer.End);
                await SendAsync();
                if (full) await link.Ingest.SpaceAsync();
                else if (result.IsCompleted) break;
            }
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            // The logger is gone, or silent for too long; presence decides what that means.
        }
        long atMs = link.Clock.NowMs();
        foreach (var device in _devices.Values.Distinct()) link.DeviceDown(device, this, atMs);
    }

    bool IAcknowledge.Committed(long token)
    {
        if (!_answers.TryRemove(token, out var answer)) return false;
        _ready.Enqueue(answer);
        return true;
    }

    void IAcknowledge.Flush() => _ = SendAsync();

    /// <summary>False when there is no room: the frame stays in the buffer.</summary>
    private bool Handle(in Hj212Frame frame, long receivedAtMs)
    {
        link.Count(frame.Crc == Hj212CrcVerdict.Wrong ? "crcWrong" : frame.Crc.ToString());
        var data = frame.Contiguous(_scratch);
        // A wrong checksum is not answered: the logger sends it again.
        if (frame.Crc == Hj212CrcVerdict.Wrong)
        {
            link.Refused.Count(Hj212Link.Name, DecodeOutcome.BadFrame, context.ConnectionId, data);
            return true;
        }
        var segment = Hj212Segment.Parse(data);
        return segment.Cn switch
        {
            Hj212Command.RealTimeData => Data(segment, receivedAtMs, average: false, static d => d.LinePrefix),
            Hj212Command.MinuteData => Data(segment, receivedAtMs, average: true, static d => d.MinutePrefix),
            Hj212Command.HourData => Data(segment, receivedAtMs, average: true, static d => d.HourPrefix),
            Hj212Command.DayData => Data(segment, receivedAtMs, average: true, static d => d.DayPrefix),
            _ => Other(segment),
        };
    }

    private bool Data(in Hj212Segment segment, long receivedAtMs, bool average, Func<DeviceRoute, byte[]> series)
    {
        long token = ++_token;
        bool owed = segment.WantsAck && !segment.Qn.IsEmpty;
        if (owed) _answers[token] = Answer(segment, Hj212Reply.WriteDataAck);
        if (RouteOf(segment, receivedAtMs) is not { } device) link.Refused.Count(Hj212Link.Name, DecodeOutcome.TooManyUnregistered, context.ConnectionId, segment.Mn);
        else
        {
            _message.Begin(device);
            if (segment.ReadDataTime(out var time) == Hj212TimeVerdict.Ok) _message.MeasuredAtMs = MsOf(time);
            var outcome = Hj212Decoder.Decode(device, segment.Cp, average, _message, out bool allBroken);
            if (outcome == DecodeOutcome.Decoded)
            {
                var kind = average ? ReadingKind.Aggregate : ReadingKind.Measurement;
                var flags = allBroken ? ReadingFlags.InstrumentBroken : ReadingFlags.None;
                if (link.Ingest.TryAppend(device, _message, kind, flags, receivedAtMs, owed ? this : null, token, series(device))) return true;
                _answers.TryRemove(token, out _);
                return false;
            }
            link.Refused.Count(Hj212Link.Name, outcome, device.Id, segment.Cp);
        }
        if (owed) link.Ingest.AppendAck(this, token);
        return true;
    }

    /// <summary>Notifications get 9013; a request we do not carry out gets 9011 that says so.</summary>
    private bool Other(in Hj212Segment segment)
    {
        link.Count($"cn{(int)segment.Cn}");
        if (!segment.WantsAck || segment.Qn.IsEmpty) return true;
        _ready.Enqueue(segment.Cn == Hj212Command.TimeSyncRequest
            ? Answer(segment, Hj212Reply.WriteNotificationAck)
            : Answer(segment, static (IBufferWriter<byte> to, in Hj212Segment s) => Hj212Reply.WriteRequestAck(to, s, Hj212QnRtn.CnWrong)));
        return true;
    }

    private DeviceRoute? RouteOf(in Hj212Segment segment, long atMs)
    {
        string mn = Encoding.ASCII.GetString(segment.Mn);
        if (_devices.TryGetValue(mn, out var known)) return known;
        bool isNew = false;
        var device = link.Directory.Find(LinkKind.Hj212, mn)
            ?? link.Directory.Unregistered(LinkKind.Hj212, mn, mn.Length == 0 ? "no-mn" : mn, link.Directory.ProfileForUnregistered("dust", LinkKind.Hj212), out isNew);
        if (device is null) return null;
        _devices[mn] = device;
        if (isNew) link.Ingest.AppendEvent(LinkEventKind.Stranger, atMs, device.Index, stranger: new UnregisteredDevice(device.Index, Hj212Link.Name, mn, "dust", Encoding.UTF8.GetString(segment.Cp[..Math.Min(segment.Cp.Length, 200)])));
        link.DeviceUp(device, this, atMs);
        return device;
    }

    private long MsOf(Hj212Time time)
    {
        var civil = time.ToCivil();
        return new DateTimeOffset(civil, link.Zone.GetUtcOffset(civil)).ToUnixTimeMilliseconds();
    }

    private static byte[] Answer(in Hj212Segment segment, ReplyWriter write)
    {
        var to = new ArrayBufferWriter<byte>(128);
        write(to, segment);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>Sends what is ready; whoever comes while a send runs leaves the rest to it.</summary>
    private async Task SendAsync()
    {
        while (!_ready.IsEmpty && Interlocked.CompareExchange(ref _sending, 1, 0) == 0)
        {
            try
            {
                while (_ready.TryDequeue(out var answer)) await context.Transport.Output.WriteAsync(answer);
            }
            catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The reading half notices that the connection is over; the logger will send again what was not answered.
                _ready.Clear();
            }
            finally
            {
                Volatile.Write(ref _sending, 0);
            }
        }
    }

    private delegate Hj212WriteVerdict ReplyWriter(IBufferWriter<byte> to, in Hj212Segment segment);
}
