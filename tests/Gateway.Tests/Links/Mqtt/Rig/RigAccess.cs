using System.Text;
using Gateway.Links.Mqtt;
using Gateway.Protocols.Mqtt;

namespace Gateway.Tests.Links.Mqtt.Rig;

/// <summary>Whoever gives a name is that; topics below <c>secret/</c> are nobody's.</summary>
internal sealed class RigAccess : IMqttAccess, ITopicRights
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

    public ValueTask<MqttSignIn> SignInAsync(MqttConnect connect, MqttPeer peer) => ValueTask.FromResult(connect.User == "stranger"
        ? new MqttSignIn(null, MqttReason.BadUserNameOrPassword, "nobody knows stranger")
        : new MqttSignIn(new MqttIdentity(connect.User ?? "", this), MqttReason.Success, ""));

    public ITopicRights? RightsOf(string name) => this;

    public bool MayPublish(ReadOnlySpan<byte> topic) => !topic.StartsWith("secret/"u8);

    public bool MaySubscribe(string filter) => !Encoding.UTF8.GetBytes(filter).AsSpan().StartsWith("secret/"u8);
}
