using System.Buffers;
using Gateway.Domain.Alarms;
using Gateway.Domain.Evidence;
using Gateway.Domain.Presence;
using Gateway.Domain.Rules;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Protocols.LineProtocol;

namespace Gateway.Uplink;

/// <summary>Lane one as line protocol: alarms, presence, compliance and the gateway's own figures. Everything that matters is numeric or a tag, because some stores turn texts into 0.</summary>
public sealed class PointEncoder
{
    private readonly ArrayBufferWriter<byte> _lines = new(4096);
    private readonly LineWriter _writer;
    private readonly string _site;
    private readonly string _gateway;

    public PointEncoder(string site, string gateway) => (_site, _gateway, _writer) = (site, gateway, new LineWriter(_lines));

    public ReadOnlySpan<byte> Lines => _lines.WrittenSpan;

    public int Count { get; private set; }

    public void Clear()
    {
        _lines.ResetWrittenCount();
        Count = 0;
    }

    /// <summary>One step of an alarm. Its time carries the chain sequence in the microseconds: two steps in one millisecond stay two points, and a repeat overwrites itself.</summary>
    public void Alarm(AlarmView alarm)
    {
        Begin("alarm", "device", alarm.Subject.Id);
        _writer.Tag("rule", alarm.Rule);
        _writer.Tag("severity", Name(alarm.Severity));
        _writer.Tag("state", Name(alarm.State));
        _writer.Field("alarm_code", (long)CodeOf(alarm.State));
        if (alarm.Value is { } value) _writer.Field("value", value);
        if (alarm.Limit is { } limit) _writer.Field("limit", limit);
        _writer.Field("count", (long)alarm.Count);
        _writer.Field("alarm_seq", alarm.Seq);
        End(StampUs(alarm.ChangedAt.ToUnixTimeMilliseconds(), alarm.Seq));
    }

    public void Event(EventPoint point, string device)
    {
        Begin("alarm", "device", device);
        _writer.Tag("rule", point.Rule);
        _writer.Tag("severity", Name(point.Severity));
        _writer.Tag("state", "event");
        _writer.Field("alarm_code", 1L);
        _writer.Field("value", point.Value);
        _writer.Field("limit", point.Limit);
        _writer.Field("count", 1L);
        End(point.PointAtUs);
    }

    public void Presence(string device, string kind, PresenceState state, string cause, long sinceMs, (long OnlineMs, long RequiredMs) today, long atMs, long seq)
    {
        Begin("presence", "device", device);
        _writer.Tag("kind", kind);
        _writer.Tag("state", Name(state));
        _writer.Tag("cause", cause);
        _writer.Field("state_code", (long)state);
        _writer.Field("since_ms", sinceMs);
        _writer.Field("online_ms", today.OnlineMs);
        _writer.Field("required_ms", today.RequiredMs);
        End(StampUs(atMs, seq));
    }

    public void Compliance(string siteClass, string rule, long numerator, long denominator, long? ratePpm, long atMs)
    {
        Begin("compliance", "class", siteClass);
        _writer.Tag("rule", rule);
        _writer.Field("online", numerator);
        _writer.Field("required", denominator);
        if (ratePpm is { } ppm) _writer.Field("rate_ppm", ppm);
        End(atMs * 1000);
    }

    public void Gateway(long atMs, long received, long committed, long settled, long telemetryBytes, long droppedLines, long wallSkewMs)
    {
        Begin("gateway", "gateway", _gateway);
        _writer.Field("received", received);
        _writer.Field("committed", committed);
        if (settled >= 0) _writer.Field("settled", settled);
        _writer.Field("telemetry_bytes", telemetryBytes);
        _writer.Field("dropped_lines", droppedLines);
        _writer.Field("wall_skew_ms", wallSkewMs);
        End(atMs * 1000);
    }

    public void Gap(GapRow gap, long atMs, long seq)
    {
        Begin("gap", "gateway", _gateway);
        _writer.Tag("reason", gap.Reason);
        _writer.Field("first_line", gap.FirstLine);
        _writer.Field("lines", gap.Lines);
        _writer.Field("oldest_ms", gap.OldestReceivedAt.ToUnixTimeMilliseconds());
        _writer.Field("newest_ms", gap.NewestReceivedAt.ToUnixTimeMilliseconds());
        End(StampUs(atMs, seq));
        foreach (var part in gap.Devices ?? []) Gap(gap, part, StampUs(atMs, seq));
    }

    private void Gap(GapRow gap, GapDevice part, long atUs)
    {
        Begin("gap", "gateway", _gateway);
        _writer.Tag("device", part.Device);
        _writer.Tag("reason", gap.Reason);
        _writer.Field("lines", part.Lines);
        _writer.Field("first_ms", part.FirstAt.ToUnixTimeMilliseconds());
        _writer.Field("last_ms", part.LastAt.ToUnixTimeMilliseconds());
        _writer.Field("first_line", gap.FirstLine);
        End(atUs);
    }

    /// <summary>A checkpoint of the evidence chain, its hash as numbers.</summary>
    /// <param name="seq">Of its own row, for the time.</param>
    public void Checkpoint(Checkpoint checkpoint, long seq)
    {
        Begin("checkpoint", "gateway", _gateway);
        _writer.Field("seq", checkpoint.Seq);
        _writer.Field("count", checkpoint.Count);
        var words = checkpoint.HashWords();
        for (int word = 0; word < words.Count; word++) _writer.Field($"hash_{word}", words[word]);
        _writer.Field("at_ms", checkpoint.AtMs);
        End(StampUs(checkpoint.AtMs, seq));
    }

    private static long StampUs(long ms, long seq) => ms * 1000 + seq % 1000;

    private static int CodeOf(AlarmState state) => (int)state;

    private static string Name(Severity severity) => severity switch
    {
        Severity.Low => "low", Severity.Medium => "medium", Severity.High => "high", _ => "critical",
    };

    private static string Name(AlarmState state) => state switch
    {
        AlarmState.Unacked => "unacked", AlarmState.Acked => "acked", AlarmState.ReturnedUnacked => "returnedUnacked", AlarmState.Suppressed => "suppressed",
        AlarmState.LatchedUnacked => "latchedUnacked", AlarmState.LatchedAcked => "latchedAcked", AlarmState.Shelved => "shelved", AlarmState.OutOfService => "outOfService", _ => "normal",
    };

    private static string Name(PresenceState state) => state switch
    {
        PresenceState.Online => "online", PresenceState.Offline => "offline", PresenceState.NotInService => "notInService", _ => "unknown",
    };

    private void Begin(string measurement, string tag, string value)
    {
        _writer.Begin(measurement);
        _writer.Tag("site", _site);
        _writer.Tag(tag, value);
    }

    private void End(long timeUs)
    {
        if (_writer.End(timeUs)) Count++;
    }
}
