using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>Who is at the other end of a connection, and which topics it may use.</summary>
/// <param name="Name">The device's or client's id; "" for anonymous.</param>
public sealed record MqttIdentity(string Name, ITopicRights Rights);

/// <summary>Which topics a client may use. Asked once a topic and connection, not once a message.</summary>
public interface ITopicRights
{
    bool MayPublish(ReadOnlySpan<byte> topic);

    /// <param name="filter">The topic filter, without <c>$share/group/</c>.</param>
    bool MaySubscribe(string filter);
}

/// <summary>What a connection shows of itself besides its CONNECT.</summary>
/// <param name="Address">Null when the transport has none.</param>
/// <param name="Certificate">The client certificate, already verified against the configured authorities; null without one.</param>
public sealed record MqttPeer(IPAddress? Address, X509Certificate2? Certificate, bool IsEncrypted);

/// <summary>Judges who may connect.</summary>
public interface IMqttAccess
{
    /// <summary>Completes at once where no password has to be computed.</summary>
    ValueTask<MqttSignIn> SignInAsync(MqttConnect connect, MqttPeer peer);
}

/// <param name="Identity">Null when refused; <paramref name="Reason"/> then goes into the CONNACK.</param>
public readonly record struct MqttSignIn(MqttIdentity? Identity, MqttReason Reason, string Why);
