using System.Collections.Concurrent;
using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Links.Sparkplug;

namespace Gateway.Links.Mqtt;

/// <summary>Where every message that came by MQTT enters the path, whoever carried it: a connection of the listener or a client of another broker.</summary>
/// <remarks><b>Threading</b>: safe for all; decoding runs on the caller's thread.</remarks>
/// <param name="broker">The broker all of it comes from; null = our own listener.</param>
public sealed class MqttIntake(string name, DeviceDirectory directory, TextTable texts, IngestBuffer ingest, GatewayClock clock, RefusedMessages refused, string? broker = null)
{
    // One decoder for each polling thread: decoding never spans two reads.
    [ThreadStatic]
    private static (JsonDecoder Decoder, DecodedMessage Message)? _scratch;

    private readonly ConcurrentDictionary<int, MqttTalkers> _owners = new();

    /// <summary>Reads Sparkplug B for this way in; null where it is switched off.</summary>
    public SparkplugHost? Sparkplug { get; set; }

    /// <summary>The word for this way in, in counters and samples.</summary>
    public string Name => name;

    public IngestBuffer Ingest => ingest;

    public GatewayClock Clock => clock;

    /// <summary>Moves when a topic may mean something else than it was resolved to; read it before <see cref="Resolve"/>.</summary>
    internal int Version => directory.Version;

    internal MqttTopicRoute Resolve(ReadOnlySpan<byte> topic) => MqttTopicRoute.Resolve(topic, directory, broker);

    /// <summary>Turns one message into a reading.</summary>
    /// <param name="from">Who brought it, and which devices it brought before.</param>
    /// <param name="sink">Whoever is owed an acknowledgement after the commit, null at QoS 0.</param>
    /// <param name="redelivered">It was sent before, in an earlier connection.</param>
    internal IntakeOutcome Take(MqttTalkers from, MqttTopicRoute route, ReadOnlySpan<byte> payload, bool retained, long receivedAtMs, IAcknowledge? sink, long token, bool redelivered = false)
    {
        var sender = route.SenderOf(payload);
        if (sender.Device is not { } device)
        {
            if (sender.Address is null) return OfSparkplug(route, payload, retained, receivedAtMs);
            refused.Count(name, sender.Refusal, sender.Address, payload);
            return IntakeOutcome.NoReading;
        }
        if (from.IsNew(device.Index)) DeviceUp(sender, device, from, payload, receivedAtMs);
        var arrivals = from.Arrivals?.Of(device);
        if (sender.Kind == ReadingKind.Status)
        {
            // What a broker kept for us is neither life nor death.
            bool kept = arrivals is not null && (retained || redelivered || arrivals.IsOld(0, receivedAtMs));
            if (!kept && MqttStatus.SaysOffline(payload)) ingest.AppendEvent(LinkEventKind.Died, receivedAtMs, device.Index, cause: PresenceCause.Will);
            return IntakeOutcome.NoReading;
        }
        var (decoder, message) = _scratch ??= (new JsonDecoder(texts), new DecodedMessage());
        var outcome = decoder.Decode(device, payload, message, sender.Kind);
        if (outcome != DecodeOutcome.Decoded)
        {
            refused.Count(name, outcome, device.Id, payload);
            return IntakeOutcome.NoReading;
        }
        bool old = !retained && (redelivered || arrivals?.IsOld(message.MeasuredAtMs, receivedAtMs) == true);
        var flags = retained ? ReadingFlags.Retained : old ? ReadingFlags.Backfill : ReadingFlags.None;
        if (!ingest.TryAppend(device, message, sender.Kind, flags, receivedAtMs, sink, token, device.SeriesOf(message))) return IntakeOutcome.Full;
        if (!retained) arrivals?.Took(message.MeasuredAtMs, receivedAtMs, old);
        return IntakeOutcome.Taken;
    }

    private IntakeOutcome OfSparkplug(MqttTopicRoute route, ReadOnlySpan<byte> payload, bool retained, long receivedAtMs) =>
        (Sparkplug?.Take(route.Topic, payload, retained, receivedAtMs).Answer ?? SparkplugAnswer.NotSparkplug) switch
        {
            SparkplugAnswer.NotSparkplug => IntakeOutcome.NotForUs,
            SparkplugAnswer.Full => IntakeOutcome.Full,
            _ => IntakeOutcome.NoReading,
        };

    /// <summary>Counts a message that nobody could use.</summary>
    internal void Refuse(DecodeOutcome reason, string from, ReadOnlySpan<byte> topic) => refused.Count(name, reason, from, topic);

    /// <summary>Whoever brought these devices is gone.</summary>
    internal void Gone(MqttTalkers from, long atMs)
    {
        foreach (int device in from.Devices)
            if (IsOwner(device, from)) ingest.AppendEvent(LinkEventKind.Down, atMs, device);
    }

    /// <summary>A Will says that a device died. It may be the first that is heard of that device.</summary>
    internal void Died(MqttTopicRoute route, ReadOnlySpan<byte> payload, MqttTalkers from, long atMs)
    {
        var sender = route.SenderOf(payload);
        if (sender.Device is not { } device) return;
        if (sender.IsNewStranger && from.IsNew(device.Index)) DeviceUp(sender, device, from, payload, atMs);
        DeviceDied(device.Index, from, atMs);
    }

    internal void DeviceDied(int device, MqttTalkers from, long atMs)
    {
        if (IsOwner(device, from)) ingest.AppendEvent(LinkEventKind.Died, atMs, device, cause: PresenceCause.Will);
    }

    /// <summary>A device belongs to the connection that spoke for it last; an older one may close late.</summary>
    private bool IsOwner(int device, MqttTalkers from) => !_owners.TryGetValue(device, out var last) || last == from;

    private void DeviceUp(in MqttSender sender, DeviceRoute device, MqttTalkers from, ReadOnlySpan<byte> payload, long atMs)
    {
        if (sender.IsNewStranger)
        {
            string sample = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, 200)]);
            ingest.AppendEvent(LinkEventKind.Stranger, atMs, device.Index, stranger: new UnregisteredDevice(device.Index, name, sender.Address!, sender.DeviceKind, sample));
        }
        _owners[device.Index] = from;
        ingest.AppendEvent(LinkEventKind.Up, atMs, device.Index);
    }
}

internal enum IntakeOutcome : byte
{
    /// <summary>A reading was appended, and the acknowledgement with it.</summary>
    Taken,

    /// <summary>A device's message that made no reading: it is owed an answer all the same.</summary>
    NoReading,

    /// <summary>No device's topic.</summary>
    NotForUs,

    /// <summary>No room: nothing was consumed, offer it again.</summary>
    Full,
}
