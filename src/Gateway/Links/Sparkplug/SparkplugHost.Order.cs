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
        if (!node.IsBorn) return BeforeBirth(node, payload, atMs);
        if (_incoming.Seq is not <= SparkplugLimits.SeqMax) return Refuse(DecodeOutcome.BadFrame, node.Address, payload);
        Span<char> chars = stackalloc char[SparkplugLimits.IdBytesMax];
        var device = chars[..Encoding.UTF8.GetChars(topic.Device, chars)];
        byte seq = (byte)_incoming.Seq.Value;
        ulong hash = HashOf(topic.Type, topic.Device, payload);
        bool isOld = _incoming.TimestampMs > 0 && _incoming.TimestampMs < node.BornMs;
        // In its turn by chance, or the node's clock went back: its names still mean what they say.
        if (isOld && seq == node.Next && !node.IsDoubtful) Lose(node, atMs);
        while (true)
        {
            var turn = node.TurnOf(seq, hash);
            switch (turn)
            {
                case SparkplugTurn.Now:
                    var outcome = Apply(node, topic.Type, device, _incoming, payload, atMs);
                    if (outcome.Answer == SparkplugAnswer.Full) return outcome;
                    node.Passed(seq, hash);
                    Release(node);
                    return outcome;
                case SparkplugTurn.Repeated:
                    return Refuse(DecodeOutcome.Repeated, node.Address, payload);
                case SparkplugTurn.Late:
                    return Refuse(DecodeOutcome.OutOfOrder, node.Address, payload);
                case SparkplugTurn.Early or SparkplugTurn.Another when isOld:
                    // Sent before the birth: a straggler of the session before. But a node's clock may be wrong, so a birth is asked for all the same.
                    AskRebirth(node, atMs);
                    return Refuse(DecodeOutcome.OutOfOrder, node.Address, payload);
                case SparkplugTurn.Early when node.Held.Count < _options.HeldMax && _heldBytes + payload.Length <= _options.HeldBytesMax:
                    node.Held.Add(new HeldMessage(seq, hash, topic.Type, device.ToString(), payload.ToArray(), _incoming.TimestampMs, atMs));
                    _heldBytes += payload.Length;
                    if (_options.ReorderTimeoutMs > 0) return Taken;
                    GiveUp(node, atMs);
                    Release(node);
                    return Taken;
            }
            // Early without room, or the node counts anew. What waits goes first; then the place of this one is looked for again.
            if (node.Held.Count > 0)
            {
                GiveUp(node, atMs);
                if (!Release(node)) return Full;
                continue;
            }
            Lose(node, atMs);
            if (turn == SparkplugTurn.Early) node.SkipTo(seq);
            else node.CountFrom(seq);
        }
    }

    /// <summary>Lets go what waits for a message that will not come.</summary>
    private void GiveUp(EdgeNode node, long atMs)
    {
        if (node.Held.Count == 0 || node.IsReleasing) return;
        node.IsReleasing = true;
        Lose(node, atMs);
    }

    /// <summary>A message of the node is lost. It may have been a birth, so the node is asked for all of them [tck-id-operational-behavior-host-reordering-rebirth].</summary>
    private void Lose(EdgeNode node, long atMs)
    {
        _gaps++;
        node.Doubt();
        AskRebirth(node, atMs);
    }

    /// <summary>Applies the held messages whose turn it is, or all of them in their order once the gap is given up.</summary>
    /// <returns>False when one found no room in the ingest buffer: it and all later ones wait on.</returns>
    private bool Release(EdgeNode node)
    {
        while (node.Held.First(node.Next) is { } held && (held.Seq == node.Next || node.IsReleasing))
        {
            if (!Apply(node, held)) return false;
            node.Passed(held.Seq, held.Hash);
        }
        if (node.Held.Count == 0) node.IsReleasing = false;
        return true;
    }

    private bool Apply(EdgeNode node, HeldMessage held)
    {
        _released.Read(held.Payload);
        if (Apply(node, held.Type, held.Device, _released, held.Payload, held.ReceivedAtMs).Answer == SparkplugAnswer.Full) return false;
        _skippedMetrics += _released.Skipped;
        Drop(node, held);
        return true;
    }

    private void Drop(EdgeNode node, HeldMessage held)
    {
        node.Held.Remove(held);
        _heldBytes -= held.Payload.Length;
    }

    private SparkplugOutcome BeforeBirth(EdgeNode node, ReadOnlySpan<byte> payload, long atMs)
    {
        AskRebirth(node, atMs);
        return Refuse(DecodeOutcome.BeforeBirth, node.Address, payload);
    }

    /// <summary>Asks at once, or as soon as the last request is old enough.</summary>
    private void AskRebirth(EdgeNode node, long atMs)
    {
        if (!_carrierUp) return;
        node.RebirthWanted = node.RebirthAskedMs is { } last && atMs - last < _options.RebirthEveryMs;
        if (node.RebirthWanted) return;
        node.RebirthAskedMs = atMs;
        _rebirths++;
        _outbox.Add(new Publication(node.CommandTopic, SparkplugRebirth.Payload(atMs), SparkplugRebirth.Qos, false));
    }

    private static ulong HashOf(SparkplugMessageType type, ReadOnlySpan<byte> device, ReadOnlySpan<byte> payload)
    {
        ulong hash = unchecked((DecodedMessage.Hash(payload) * 31 + DecodedMessage.Hash(device)) * 31 + (ulong)type);
        // 0 and 1 are taken: not seen, given up.
        return hash < 2 ? hash + 2 : hash;
    }
}
