using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>Who is at the other end of a connection, and which topics it may use.</summary>
/// <param name="Name">The device's or client's id; "" for anonymous.</param>
public sealed record MqttIdentity(string Name, ITopicRights Rights);

/// <summary>Which topics a client may use. Asked once a topic and connection, not once a message; asked again after <see cref="IMqttAccess.Changed"/>.</summary>
public interface ITopicRights
{
    bool MayPublish(ReadOnlySpan<byte> topic);

    /// <param name="filter">The topic filter, without <c>$share/group/</c>.</param>
    bool MaySubscribe(string filter);
}

/// <summary>What a connection shows of itself besides its CONNECT.</summary>
/// <param name="Address">Null when the transport has none.</param>
/// <param name="Certificate">The client certificate, already verified against the configured authorities; null without one.</param>
/// <param name="IsWebSocket">Whether it came through the console's port: a browser speaks for whatever page it shows.</param>
public sealed record MqttPeer(IPAddress? Address, X509Certificate2? Certificate, bool IsEncrypted, bool IsWebSocket = false);

/// <summary>Judges who may connect.</summary>
/// <remarks><b>Threading</b>: safe for all; called on polling threads, which nothing here may block.</remarks>
public interface IMqttAccess
{
    /// <summary>Completes at once where no password has to be computed.</summary>
    ValueTask<MqttSignIn> SignInAsync(MqttConnect connect, MqttPeer peer);

    /// <summary>What a name may do whether it is connected or not; null when nobody can come in under it any more. A session is its owner's only as long as there are rights.</summary>
    /// <param name="name">As in <see cref="MqttIdentity.Name"/>.</param>
    ITopicRights? RightsOf(string name);

    /// <summary>Told when the password of these was set, changed or removed: who came in under their names has to sign in again, and the rights of anonymous clients are others.</summary>
    event Action<IReadOnlySet<string>>? Changed;
}

/// <param name="Identity">Null when refused; <paramref name="Reason"/> then goes into the CONNACK.</param>
/// <param name="Why">Told to the client too: nothing that would help a guesser.</param>
public readonly record struct MqttSignIn(MqttIdentity? Identity, MqttReason Reason, string Why);
