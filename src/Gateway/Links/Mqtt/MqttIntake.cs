using System.Collections.Concurrent;
using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;

namespace Gateway.Links.Mqtt;

/// <summary>Where every message that came by MQTT enters the path, whoever carried it: a connection of the listener or a client of another broker.</summary>
/// <remarks><b>Threading</b>: safe for all; decoding runs on the caller's thread.</remarks>
/// <param name="broker">The broker all of it comes from; null = our own listener.</param>
public sealed class MqttIntake(string name, DeviceDirectory directory, TextTable texts, IngestBuffer ingest, GatewayClock clock, RefusedMessages refused, string? broker = null)
{
    // One decoder for each polling thread: decoding never spans two reads.
    [ThreadStatic]
    private static (JsonDecoder Decoder, DecodedMessage Message)? _scratch;

    private readonly ConcurrentDictionary<int, object> _owners = new();

    /// <summary>The word for this way in, in counters and samples.</summary>
    public string Name => name;

    public IngestBuffer Ingest => ingest;

    public GatewayClock Clock => clock;

    internal MqttTopicRoute Resolve(ReadOnlySpan<byte> topic) => MqttTopicRoute.Resolve(topic, directory, broker);

    /// <summary>Turns one message into a reading.</summary>
    /// <param name="sink">Whoever is owed an acknowledgement after the commit, null at QoS 0.</param>
    /// <param name="arrivals">Behind a broker: tells what it kept, which is neither life nor death, from what is said now.</param>
    /// <param name="redelivered">It was sent before, in an earlier connection.</param>
    internal IntakeOutcome Take(MqttTopicRoute route, ReadOnlySpan<byte> payload, bool retained, long receivedAtMs, IAcknowledge? sink, long token, MqttArrivals? arrivals = null, bool redelivered = false)
    {
        if (route.Device is not { } device) return IntakeOutcome.NotForUs;
        if (route.Kind == ReadingKind.Status)
        {
            bool kept = arrivals is not null && (retained || redelivered || arrivals.IsOld(0, receivedAtMs));
            if (!kept && MqttStatus.SaysOffline(payload)) ingest.AppendEvent(LinkEventKind.Died, receivedAtMs, device.Index, cause: PresenceCause.Will);
            return IntakeOutcome.NoReading;
        }
        var (decoder, message) = _scratch ??= (new JsonDecoder(texts), new DecodedMessage());
        var outcome = decoder.Decode(device, payload, message);
        if (outcome != DecodeOutcome.Decoded)
        {
            refused.Count(name, outcome, device.Id, payload);
            return IntakeOutcome.NoReading;
        }
        bool old = arrivals is not null && !retained && (redelivered || arrivals.IsOld(message.MeasuredAtMs, receivedAtMs));
        var flags = retained ? ReadingFlags.Retained : old ? ReadingFlags.Backfill : ReadingFlags.None;
        if (!ingest.TryAppend(device, message, route.Kind, flags, receivedAtMs, sink, token)) return IntakeOutcome.Full;
        if (!retained) arrivals?.Took(message.MeasuredAtMs, receivedAtMs, old);
        return IntakeOutcome.Taken;
    }

    /// <summary>Counts a message that nobody could use.</summary>
    internal void Refuse(DecodeOutcome reason, string from, ReadOnlySpan<byte> topic) => refused.Count(name, reason, from, topic);

    /// <summary>A device spoke on a way of its own for the first time.</summary>
    internal void DeviceUp(MqttTopicRoute route, object owner, ReadOnlySpan<byte> payload, long atMs)
    {
        if (route.Device is not { } device) return;
        if (route.IsNewStranger)
        {
            string address = Encoding.UTF8.GetString(route.Topic.AsSpan(0, route.Topic.AsSpan().LastIndexOf((byte)'/')));
            string sample = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, 200)]);
            ingest.AppendEvent(LinkEventKind.Stranger, atMs, device.Index, stranger: new UnregisteredDevice(device.Index, name, address, route.DeviceKind, sample));
        }
        _owners[device.Index] = owner;
        ingest.AppendEvent(LinkEventKind.Up, atMs, device.Index);
    }

    internal void DeviceDown(int device, object owner, long atMs)
    {
        if (IsOwner(device, owner)) ingest.AppendEvent(LinkEventKind.Down, atMs, device);
    }

    internal void DeviceDied(int device, object owner, long atMs)
    {
        if (IsOwner(device, owner)) ingest.AppendEvent(LinkEventKind.Died, atMs, device, cause: PresenceCause.Will);
    }

    /// <summary>A device belongs to the connection that spoke for it last; an older one may close late.</summary>
    private bool IsOwner(int device, object owner) => !_owners.TryGetValue(device, out object? last) || last == owner;
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
