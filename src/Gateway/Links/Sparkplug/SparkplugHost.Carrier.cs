using Gateway.Decoding;
using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>The host's own session with the carrier: STATE and what a lost connection means.</summary>
public sealed partial class SparkplugHost
{
    private bool _carrierUp = true;
    private long? _sessionMs;

    /// <summary>Begins a session: the Will for the CONNECT. Its birth will carry the same timestamp [tck-id-host-topic-phid-birth-payload-timestamp].</summary>
    /// <param name="utcMs">Now, ms of Unix time: edge nodes compare it with earlier ones, across restarts.</param>
    /// <returns>Publish with QoS 1 and retain [tck-id-host-topic-phid-death-qos, -retain].</returns>
    public (byte[] Topic, byte[] Payload) Will(long utcMs)
    {
        lock (_gate)
        {
            _sessionMs = utcMs;
            return (SparkplugState.Topic(_hostId), SparkplugState.Payload(false, utcMs));
        }
    }

    /// <summary>The carrier is connected and subscribed to <c>spBv1.0/#</c>: publishes the birth of the host, before anything else [tck-id-host-topic-phid-birth-message].</summary>
    /// <param name="utcMs">The timestamp where no <see cref="Will"/> went before, as with the embedded listener.</param>
    public void CarrierBack(long utcMs)
    {
        Publication[] due;
        lock (_gate)
        {
            _sessionMs ??= utcMs;
            _carrierUp = true;
            SayOnline(_sessionMs.Value);
            due = Due();
        }
        Send(due);
    }

    /// <summary>
    /// The carrier lost its connection: no node's birth holds until it comes again [§5.3]. What waited for a missing message is taken as it is. Presence of the
    /// devices follows from the carrier's own cause and is not touched here.
    /// </summary>
    public void CarrierLost(long atMs)
    {
        lock (_gate)
        {
            (_carrierUp, _sessionMs, _nowMs) = (false, null, Math.Max(_nowMs, atMs));
            foreach (var node in _nodes.Values)
            {
                GiveUp(node);
                Release(node);
                node.End();
                node.RebirthWanted = false;
            }
        }
    }

    /// <summary>Before an intended disconnect: publishes the death of the host with the time it happens [tck-id-host-topic-phid-death-payload-disconnect-clean].</summary>
    public void Leave(long utcMs)
    {
        lock (_gate) _carrierUp = false;
        _publish(SparkplugState.Topic(_hostId), SparkplugState.Payload(false, utcMs), SparkplugState.Qos, true);
    }

    /// <summary>Somebody says that we are dead, as the Will of an earlier connection does: we say otherwise [tck-id-message-flow-hid-sparkplug-state-message-delivered].</summary>
    private SparkplugOutcome State(ReadOnlySpan<byte> hostId, ReadOnlySpan<byte> payload, long atMs)
    {
        if (!hostId.SequenceEqual(_hostId)) return Taken;
        if (!SparkplugState.TryRead(payload, out bool online)) return Refuse(DecodeOutcome.BadFrame, "STATE", payload);
        if (!online && _carrierUp) SayOnline(_sessionMs ??= atMs);
        return Taken;
    }

    private void SayOnline(long timestampMs) => _outbox.Add(new Publication(SparkplugState.Topic(_hostId), SparkplugState.Payload(true, timestampMs), SparkplugState.Qos, true));
}
