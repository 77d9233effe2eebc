using System.Text;
using System.Text.Json;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Links.Mqtt;
using Gateway.Links.MqttClient;
using Gateway.LiveBus;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Tests.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static Gateway.Tests.Links.MqttClient.BrokerConnectionTests;

namespace Gateway.Tests.LiveBus;

public sealed class LiveBusStageTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_broker_away_for_a_minute_is_one_alarm_which_ends_with_the_whole_picture_on_it()
    {
        await using var broker = new ScriptedBus();
        using var rig = new StageRig(_folder.Path, _clock);
        rig.Stage.Start();
        using var reader = new StateReader(_folder.File("state.db"));
        using var bus = Start(rig, reader, broker.Port);
        rig.Say("c1", """{"ts":1,"moment_pct":120}""");
        await rig.SettledAsync();
        await Eventually(() => bus.Figures().Status.State == BrokerState.Retrying);
        _clock.Advance(TimeSpan.FromSeconds(59));
        await rig.SettledAsync();
        Assert.DoesNotContain("live-bus-down", await OpenAsync(rig));

        _clock.Advance(TimeSpan.FromSeconds(2));
        await EventuallyAsync(async () => (await OpenAsync(rig)).Contains("live-bus-down"));
        Assert.Contains("crane-moment-alarm", await OpenAsync(rig));

        broker.Open();
        await EventuallyAsync(async () => (await StatesAsync(rig, "live-bus-down")) is ["ReturnedUnacked"]);
        await Eventually(() => broker.Retained.ContainsKey("gateway/s1/state") && broker.Retained.Keys.Count(k => k.StartsWith("gateway/s1/alarm/", StringComparison.Ordinal)) >= 2);
        Assert.True(JsonDocument.Parse(broker.Retained["gateway/s1/gateway"]).RootElement.GetProperty("online").GetBoolean());
        Assert.Equal(("gateway/s1/gateway", true), (Encoding.UTF8.GetString(broker.Connect!.Will!.Topic), broker.Connect.Will.Retain));
        Assert.False(JsonDocument.Parse(broker.Connect.Will.Payload).RootElement.GetProperty("online").GetBoolean());

        await rig.Stage.CheckpointAsync("stopping");
        await bus.StopAsync();
        Assert.False(JsonDocument.Parse(broker.Retained["gateway/s1/gateway"]).RootElement.GetProperty("online").GetBoolean());
        Assert.Equal(reader.NewestCheckpoint()!.Value.Checkpoint.Hash, JsonDocument.Parse(broker.Retained["gateway/s1/checkpoint"]).RootElement.GetProperty("hash").GetString());
        // Everything was acknowledged: the cursor stands behind the newest step.
        Assert.Empty(reader.AlarmSteps(reader.Cursor("bus:live-bus", "bus"), 10));
    }

    private static LiveBusStage Start(StageRig rig, StateReader reader, int port)
    {
        var options = new LiveBusOptions { Enabled = true, Host = "127.0.0.1", Port = port, ClientId = "bus" };
        var intake = new MqttIntake("mqtt@live-bus", rig.Site.Directory, rig.Site.Texts, rig.Ingest, new GatewayClock(rig.Clock), new RefusedMessages(), options.Id);
        var bus = new LiveBusStage(options, "s1", new EngineIdentity(TestSite.GatewayId, "0", "", "", 60), rig.Stage, reader, intake, NullLogger<LiveBusStage>.Instance);
        bus.Start();
        return bus;
    }

    private static async Task<List<string>> OpenAsync(StageRig rig)
    {
        await rig.SettledAsync();
        return [.. rig.PublishedAlarms().Select(a => a.Rule)];
    }

    private static async Task<List<string>> StatesAsync(StageRig rig, string rule)
    {
        await rig.SettledAsync();
        return [.. rig.PublishedAlarms().Where(a => a.Rule == rule).GroupBy(a => a.Id).Select(a => a.Last().State.ToString())];
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            Assert.False(late.IsCancellationRequested, "not within 30 s");
            await Task.Yield();
        }
    }
}
