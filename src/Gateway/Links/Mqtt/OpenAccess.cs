using System.Net;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>Lets everyone in who may come without a password: from this machine always, from others when the operator said so.</summary>
public sealed class OpenAccess(bool allowAnonymous) : IMqttAccess
{
    public ValueTask<MqttSignIn> SignInAsync(MqttConnect connect, MqttPeer peer) =>
        ValueTask.FromResult(allowAnonymous || peer.Address is null || IPAddress.IsLoopback(peer.Address)
            ? new MqttSignIn(new MqttIdentity("", EveryTopic.Instance), MqttReason.Success, "")
            : new MqttSignIn(null, MqttReason.NotAuthorized, "no anonymous clients from other machines"));
}

/// <summary>All topics: what an anonymous client may use where anonymous clients are allowed.</summary>
public sealed class EveryTopic : ITopicRights
{
    public static readonly EveryTopic Instance = new();

    public bool MayPublish(ReadOnlySpan<byte> topic) => true;

    public bool MaySubscribe(string filter) => true;
}
