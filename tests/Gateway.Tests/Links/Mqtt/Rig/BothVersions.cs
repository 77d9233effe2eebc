using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Rig;

/// <summary>3.1.1 and 5.0, for what both have.</summary>
public sealed class BothVersions : TheoryData<MqttVersion>
{
    public BothVersions() : base(MqttVersion.V311, MqttVersion.V5)
    {
    }
}
