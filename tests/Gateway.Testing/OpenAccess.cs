using System.Net;
using Gateway.Links.Mqtt;
using Gateway.Protocols.Mqtt;

namespace Gateway.Testing;

/// <summary>Lets everybody in who comes without a name, to all topics: for tests that are not about who may.</summary>
/// <param name="allowAnonymous">False: only from this machine.</param>
public sealed class OpenAccess(bool allowAnonymous) : IMqttAccess, ITopicRights
{
    event Action<IReadOnlySet<string>>? IMqttAccess.Changed
    {
        add
        {
            // Nothing ever changes here.
        }
        remove
        {
        }
    }

    public ValueTask<MqttSignIn> SignInAsync(MqttConnect connect, MqttPeer peer) =>
        ValueTask.FromResult(allowAnonymous || peer.Address is null || IPAddress.IsLoopback(peer.Address)
            ? new MqttSignIn(new MqttIdentity("", this), MqttReason.Success, "")
            : new MqttSignIn(null, MqttReason.NotAuthorized, "no anonymous clients from other machines"));

    public ITopicRights? RightsOf(string name) => this;

    public bool MayPublish(ReadOnlySpan<byte> topic) => true;

    public bool MaySubscribe(string filter) => true;
}
