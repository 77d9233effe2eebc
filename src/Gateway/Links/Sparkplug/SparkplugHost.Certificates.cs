using Gateway.Decoding;
using Gateway.Domain.Presence;
using Gateway.Ingest;
using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>Births, deaths and the data between them.</summary>
public sealed partial class SparkplugHost
{
    private SparkplugOutcome NodeBirth(EdgeNode node, ReadOnlySpan<byte> payload, long atMs)
    {
        if (_incoming.Seq is not <= SparkplugLimits.SeqMax) return Refuse(DecodeOutcome.BadFrame, node.Address, payload);
        byte seq = (byte)_incoming.Seq.Value;
        ulong hash = HashOf(SparkplugMessageType.NBirth, default, payload);
        if (node.IsBorn && node.BirthHash == hash && node.BornMs != 0) return Refuse(DecodeOutcome.Repeated, node.Address, payload);
        if (!EndBefore(node, _incoming.TimestampMs > 0 ? _incoming.TimestampMs : null)) return Full;
        var outcome = Birth(node.Self, _incoming, payload, atMs);
        if (outcome.Answer == SparkplugAnswer.Full) return outcome;
        // Later messages than this birth were there before it: it may not be the latest.
        bool overtaken = SparkplugTimes.IsBefore(_incoming.TimestampMs, node.NewestMs);
        node.Born(BdSeqOf(_incoming), _incoming.TimestampMs, hash, seq, atMs);
        if (overtaken) Lose(node);
        // What overtook the birth belongs to its session; what cannot have its turn there does not.
        while (node.Held.Last(node.Next) is { } held && !node.IsAhead(held.Seq))
        {
            Refuse(DecodeOutcome.OutOfOrder, node.Address, held.Payload);
            Drop(node, held);
        }
        Release(node);
        return outcome;
    }

    /// <summary>Lets go what waits and was sent before that time, or all of it, understood as it was until now.</summary>
    private bool EndBefore(EdgeNode node, ulong? sentMs)
    {
        while (node.Held.FirstBefore(node.Next, sentMs) is { } held)
        {
            node.Doubt();
            if (!Apply(node, held)) return false;
        }
        return true;
    }

    private SparkplugOutcome NodeDeath(EdgeNode node, ReadOnlySpan<byte> payload, long atMs)
    {
        // The Will of an older connection may come after the birth of the next one [tck-id-payloads-nbirth-bdseq-repeat].
        if (!node.IsBorn || BdSeqOf(_incoming) != node.BdSeq) return Refuse(DecodeOutcome.StaleDeath, node.Address, payload);
        if (!EndBefore(node, null)) return Full;
        node.End();
        node.RebirthWanted = false;
        Dead(node.Self, atMs);
        foreach (var device in node.Devices.Values) Dead(device, atMs);
        return Taken;
    }

    /// <summary>A message in its turn.</summary>
    private SparkplugOutcome Apply(EdgeNode node, SparkplugMessageType type, ReadOnlySpan<char> device, SparkplugPayload message, ReadOnlySpan<byte> payload, long atMs)
    {
        var source = FindSource(node, device);
        if (source is null && IsFull) return Refuse(DecodeOutcome.TooManyUnregistered, node.Address, payload);
        switch (type)
        {
            case SparkplugMessageType.DBirth:
                return Birth(source ?? AddDevice(node, device)!, message, payload, atMs);
            case SparkplugMessageType.DDeath when source is not null:
                source.End();
                Dead(source, atMs);
                return Taken;
            case SparkplugMessageType.DDeath:
                return Taken;
            default:
                return source is { IsBorn: true } ? Data(node, source, message, payload, atMs) : BeforeBirth(node, payload);
        }
    }

    /// <summary>The connection of the device stands, and its current values are in it.</summary>
    private SparkplugOutcome Birth(SparkplugSource source, SparkplugPayload birth, ReadOnlySpan<byte> payload, long atMs)
    {
        if (source.Route is null) SparkplugStranger.Resolve(source, birth, _directory, _ingest, _broker, atMs);
        if (source.Route is not { } route)
        {
            source.Announce(birth);
            source.HasValues = SparkplugStranger.CarriesValues(birth);
            return Unreadable(source, payload);
        }
        source.Forget();
        var readings = _decoder.Read(source, birth, isBirth: true, retained: false, atMs);
        if (readings.Full) return Full;
        _skippedMetrics += readings.Timeless;
        if (!source.Announce(birth, route.Profile.Sparkplug!)) Refuse(DecodeOutcome.BadFrame, source.Address, payload);
        _ingest.AppendEvent(LinkEventKind.Up, atMs, route.Index);
        return readings.Count > 0 ? Taken : Refuse(DecodeOutcome.NoKnownField, source.Address, payload);
    }

    private SparkplugOutcome Data(EdgeNode node, SparkplugSource source, SparkplugPayload message, ReadOnlySpan<byte> payload, long atMs)
    {
        if (source.Route is null) return Unreadable(source, payload);
        var readings = _decoder.Read(source, message, isBirth: false, retained: false, atMs);
        if (readings.Full) return Full;
        _skippedMetrics += readings.Timeless;
        // A straggler that has its turn by chance, or the node's clock went back.
        if (SparkplugTimes.IsBefore(message.TimestampMs, source.BornMs)) AskRebirth(node);
        if (readings.Unknown > 0)
        {
            AskRebirth(node);
            var refused = Refuse(DecodeOutcome.UnknownMetric, source.Address, payload);
            return readings.Count > 0 ? Taken : refused;
        }
        return readings.Count > 0 ? Taken : Refuse(DecodeOutcome.NoKnownField, source.Address, payload);
    }

    /// <summary>Values that somebody once had: shown as such. A retained message opens and closes no session, has no turn and asks for nothing.</summary>
    private SparkplugOutcome Retained(EdgeNode node, in SparkplugTopic topic, ReadOnlySpan<byte> payload, long atMs)
    {
        if (topic.Type is SparkplugMessageType.NDeath or SparkplugMessageType.DDeath) return Refuse(DecodeOutcome.StaleDeath, node.Address, payload);
        Span<char> chars = stackalloc char[SparkplugLimits.IdBytesMax];
        if (FindSource(node, chars[..System.Text.Encoding.UTF8.GetChars(topic.Device, chars)]) is not { Route: not null } source) return Refuse(DecodeOutcome.BeforeBirth, node.Address, payload);
        bool isBirth = topic.Type is SparkplugMessageType.NBirth or SparkplugMessageType.DBirth;
        var readings = _decoder.Read(source, _incoming, isBirth, retained: true, atMs);
        if (readings.Full) return Full;
        _skippedMetrics += readings.Timeless;
        return readings.Count > 0 ? Taken : Refuse(readings.Unknown > 0 ? DecodeOutcome.UnknownMetric : DecodeOutcome.NoKnownField, source.Address, payload);
    }

    private void Dead(SparkplugSource source, long atMs)
    {
        if (source.Route is not { } route) return;
        _ingest.AppendEvent(LinkEventKind.Down, atMs, route.Index);
        _ingest.AppendEvent(LinkEventKind.Died, atMs, route.Index, cause: PresenceCause.Death);
    }

    /// <summary>A node that is only the way to its devices has nothing to be read; anything else that nobody can read is counted.</summary>
    private SparkplugOutcome Unreadable(SparkplugSource source, ReadOnlySpan<byte> payload) =>
        source.HasValues ? Refuse(source.Refusal, source.Address, payload) : Taken;

    private static ulong? BdSeqOf(SparkplugPayload message)
    {
        foreach (ref readonly var metric in message.Metrics)
            if (metric.HasName && message.NameOf(metric).SequenceEqual("bdSeq"u8)) return metric.TryRaw(out ulong bdSeq) ? bdSeq : null;
        return null;
    }
}
