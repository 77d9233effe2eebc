using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>Sessions outlive rights: what its owner may not read any more is taken out of a session, and a session whose owner cannot come back is nobody's.</summary>
internal sealed partial class MqttBroker
{
    /// <summary>Judges all sessions by the rights of today. Call once, after <see cref="Restore"/>.</summary>
    public void Narrow()
    {
        lock (_gate)
            foreach (var session in _sessions.Values) NarrowLocked(session, _rightsOf(session.Owner));
    }

    public void Narrow(MqttSession session, ITopicRights rights)
    {
        lock (_gate) NarrowLocked(session, rights);
    }

    /// <summary>An anonymous session gives way to whoever has a name, or anybody could hold a device's client id against it.</summary>
    private bool GivesWay(MqttSession session) => session.Owner.Length == 0 || _rightsOf(session.Owner) is null;

    private void NarrowLocked(MqttSession session, ITopicRights? rights)
    {
        foreach (string filter in session.Subscriptions.Keys.ToList())
        {
            string inner = MqttTopic.TryShared(filter, out _, out string shared) ? shared : filter;
            if (rights is null || !rights.MaySubscribe(inner)) Remove(session, filter);
        }
    }
}
