using Gateway.Ingest;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>A connection that goes on while the ledger changes under it.</summary>
public sealed class MqttLedgerTests
{
    private const string Topic = "site/s1/crane/c9/telemetry";

    private readonly TestSite _site = new();

    [Fact]
    public void A_topic_of_a_stranger_becomes_that_of_a_device_with_the_next_message()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("c9");
        Say(rig, client);
        int stranger = Assert.Single(rig.Events, e => e.Kind == LinkEventKind.Stranger).Device;

        Publish(rig, "c9");
        Say(rig, client);

        int device = rig.Directory.ById("c9")!.Index;
        Assert.Equal([stranger, device], rig.Readings.Select(r => r.Device));
        Assert.Single(rig.Events, e => e.Kind == LinkEventKind.Up && e.Device == device);
    }

    [Fact]
    public void A_device_that_left_is_a_stranger_with_the_next_message()
    {
        using var rig = new MqttRig();
        Publish(rig, "c9");
        var client = rig.Connect("c9");
        Say(rig, client);
        Publish(rig);
        Say(rig, client);
        Assert.Equal(rig.Readings[1].Device, Assert.Single(rig.Events, e => e.Kind == LinkEventKind.Stranger).Device);
    }

    private static void Say(MqttRig rig, RigClient client)
    {
        client.Publish(Topic, """{"load_t":1}""", 1);
        rig.Settle(client);
    }

    private void Publish(MqttRig rig, params string[] more) =>
        rig.Directory.Publish(rig.Directory.Prepare(_site.With([.. _site.Ledger.Devices, .. more.Select(id => _site.Ledger.Devices[0] with { Id = id, Address = $"site/s1/crane/{id}" })])));
}
