using System.Text;
using Gateway.Decoding;
using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>The order of a node's messages [§5.8]: early ones wait, gaps are given up after a while, rebirths are asked for.</summary>
public sealed partial class SparkplugHost
{
    /// <summary>A message that has a sequence number of its node: DBIRTH, NDATA, DDATA, DDEATH.</summary>
    private SparkplugOutcome InOrder(EdgeNode node, in SparkplugTopic topic, ReadOnlySpan<byte> payload, long atMs)
    {
        if (!node.IsBorn)
        {
            node.Saw(_incoming.TimestampMs, atMs);
            return BeforeBirth(node, payload);
        }
        if (_incoming.Seq is not <= SparkplugLimits.SeqMax) return Refuse(DecodeOutcome.BadFrame, node.Address, payload);
        Span<char> chars = stackalloc char[SparkplugLimits.IdBytesMax];
        var device = chars[..Encoding.UTF8.GetChars(topic.Device, chars)];
        byte seq = (byte)_incoming.Seq.Value;
        ulong hash = HashOf(topic.Type, topic.Device, payload);
        bool isStraggler = SparkplugTimes.IsBefore(_incoming.TimestampMs, node.NewestMs) && _nowMs - node.NewestReceivedMs <= _options.ReorderTimeoutMs;
        while (true)
        {
            var turn = node.TurnOf(seq, hash, _incoming.TimestampMs);
            switch (turn)
            {
                case SparkplugTurn.Now:
                    var outcome = Apply(node, topic.Type, device, _incoming, payload, atMs);
                    if (outcome.Answer == SparkplugAnswer.Full) return outcome;
                    node.Passed(seq, hash, _incoming.TimestampMs, atMs);
                    Release(node);
                    return outcome;
                case SparkplugTurn.Repeated:
                    return Refuse(DecodeOutcome.Repeated, node.Address, payload);
                case SparkplugTurn.Late:
                    return Refuse(DecodeOutcome.OutOfOrder, node.Address, payload);
                case SparkplugTurn.Early or SparkplugTurn.Another when isStraggler:
                    // Of the session before. Later than the Reorder Timeout nothing is under way any more: then the node's clock went back.
                    return Refuse(DecodeOutcome.OutOfOrder, node.Address, payload);
                case SparkplugTurn.Early when node.Held.Count < _options.HeldMax && _heldBytes + payload.Length <= _options.HeldBytesMax:
                    node.Held.Add(new HeldMessage(seq, hash, topic.Type, device.ToString(), payload.ToArray(), _incoming.TimestampMs, atMs));
                    _heldBytes += payload.Length;
                    if (_options.ReorderTimeoutMs > 0) return Taken;
                    GiveUp(node);
                    Release(node);
                    return Taken;
            }
            // Early without room, or the node counts anew. What waits goes first; then the place of this one is looked for again.
            if (node.Held.Count > 0)
            {
                GiveUp(node);
                if (!Release(node)) return Full;
                continue;
            }
            Lose(node);
            if (turn == SparkplugTurn.Early) node.SkipTo(seq);
            else node.CountFrom(seq);
        }
    }

    /// <summary>Lets go what waits for a message that will not come.</summary>
    private void GiveUp(EdgeNode node)
    {
        if (node.Held.Count == 0 || node.IsReleasing) return;
        node.IsReleasing = true;
        Lose(node);
    }

    /// <summary>A message of the node is lost. It may have been a birth, so the node is asked for all of them [tck-id-operational-behavior-host-reordering-rebirth].</summary>
    private void Lose(EdgeNode node)
    {
        _gaps++;
        node.Doubt();
        AskRebirth(node);
    }

    /// <summary>Applies the held messages whose turn it is, or all of them in their order once the gap is given up.</summary>
    /// <returns>False when one found no room in the ingest buffer: it and all later ones wait on.</returns>
    private bool Release(EdgeNode node)
    {
        while (node.Held.First(node.Next) is { } held && (held.Seq == node.Next || node.IsReleasing))
        {
            // Each gap may hide a birth, also one behind a birth that waited.
            if (held.Seq != node.Next) node.Doubt();
            if (!Apply(node, held)) return false;
            node.Passed(held.Seq, held.Hash, held.SentMs, held.ReceivedAtMs);
        }
        if (node.Held.Count == 0) node.IsReleasing = false;
        return true;
    }

    private bool Apply(EdgeNode node, HeldMessage held)
    {
        _released.Read(held.Payload);
        if (Apply(node, held.Type, held.Device, _released, held.Payload, held.ReceivedAtMs).Answer == SparkplugAnswer.Full) return false;
        Drop(node, held);
        return true;
    }

    private void Drop(EdgeNode node, HeldMessage held)
    {
        node.Held.Remove(held);
        _heldBytes -= held.Payload.Length;
    }

    private SparkplugOutcome BeforeBirth(EdgeNode node, ReadOnlySpan<byte> payload)
    {
        AskRebirth(node);
        return Refuse(DecodeOutcome.BeforeBirth, node.Address, payload);
    }

    /// <summary>Asks at once, or as soon as the last request is old enough.</summary>
    private void AskRebirth(EdgeNode node)
    {
        if (!_carrierUp) return;
        node.RebirthWanted = node.RebirthAskedMs is { } last && _nowMs - last < _options.RebirthEveryMs;
        if (node.RebirthWanted) return;
        node.RebirthAskedMs = _nowMs;
        _rebirths++;
        _outbox.Add(new Publication(node.CommandTopic, SparkplugRebirth.Payload(_nowMs), SparkplugRebirth.Qos, false));
    }

    private static ulong HashOf(SparkplugMessageType type, ReadOnlySpan<byte> device, ReadOnlySpan<byte> payload)
    {
        ulong hash = unchecked((DecodedMessage.Hash(payload) * 31 + DecodedMessage.Hash(device)) * 31 + (ulong)type);
        // 0 and 1 are taken: not seen, given up.
        return hash < 2 ? hash + 2 : hash;
    }
}
