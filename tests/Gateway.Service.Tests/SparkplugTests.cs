using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>Sparkplug B with an edge node that is not ours, through our own listener and through mosquitto.</summary>
public sealed class SparkplugTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_edge_node_of_Tahu_is_followed_from_birth_to_death(bool throughMosquitto)
    {
        await using var sink = new LineSink();
        sink.Open();
        await using var broker = throughMosquitto ? new MosquittoBroker() : null;
        if (broker is not null) await broker.StartAsync();
        JsonObject[] cranes = [Crane("crane-1", "yard/n1/k1"), Crane("crane-2", "yard/n1/k2")];
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(broker is null ? cranes : SiteFiles.Behind(Broker.Id, cranes)), SiteFiles.SinkTarget(sink.Port));
        if (broker is not null) gateway.With(broker.Entry());
        await gateway.StartAsync();
        if (broker is not null) await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await using var node = new TahuNode();
        await node.ConnectAsync(broker?.Port ?? gateway.MqttPort, "yard", "n1", ("k1", Load(1.25)), ("k2", Load(2)));

        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 5);
        await gateway.Console.WaitForPresenceAsync("crane-2", "online", 5);
        await node.DataAsync("k1", Load(3.5));
        await StoredAsync(sink, "crane-1", "3.5");

        await node.LoseOneAsync();
        await node.DataAsync("k1", Load(4.5));
        await node.RebornAsync(2);
        await StoredAsync(sink, "crane-1", "4.5");

        await node.DeathAsync("k2");
        await gateway.Console.WaitForPresenceAsync("crane-2", "offline(death)", 5);
        Assert.Equal("online", await gateway.Console.PresenceAsync("crane-1"));
        await node.KillAsync();
        await gateway.Console.WaitForPresenceAsync("crane-1", "offline(death)", 5);

        await using var successor = new TahuNode();
        await successor.ConnectAsync(broker?.Port ?? gateway.MqttPort, "yard", "n1", ("k1", Load(5.5)));
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 5);
        Assert.Equal("offline(death)", await gateway.Console.PresenceAsync("crane-2"));
    }

    private static JsonObject Crane(string id, string address)
    {
        var crane = SiteFiles.Crane(id, expectedSeconds: 60);
        (crane["profile"], crane["link"], crane["sparkplug"]) = ("crane-sparkplug", "sparkplug", address);
        return crane;
    }

    private static JsonObject Load(double tonnes) => new() { ["Crane/load_t"] = tonnes };

    private static Task StoredAsync(LineSink sink, string device, string load) => Eventually.TrueAsync($"{load} t of {device} is stored", Eventually.Seconds(15),
        () => sink.Of("crane").Any(l => l.Tag("device") == device && l.Field("load_t") == load));
}
