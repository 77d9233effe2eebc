using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>What survives kill -9.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task An_open_alarm_keeps_its_id_and_presence_is_unknown_until_the_device_speaks()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", expectedSeconds: 60)));
        await gateway.StartAsync();
        await using (var crane = new MqttDevice("crane-1", gateway.MqttPort))
        {
            await crane.ConnectAsync();
            await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 110));
        }
        var raised = Assert.Single(await gateway.Console.AlarmsAsync("crane-moment-alarm"));

        await gateway.KillAsync();
        await gateway.StartAsync();

        Assert.Equal("unknown(gateway)", await gateway.Console.PresenceAsync("crane-1"));
        var kept = Assert.Single(await gateway.Console.AlarmsAsync("crane-moment-alarm"));
        Assert.Equal(raised.GetProperty("id").GetString(), kept.GetProperty("id").GetString());
        Assert.Equal("unacked", kept.GetProperty("state").GetString());
        await using (var crane = new MqttDevice("crane-1", gateway.MqttPort))
        {
            await crane.ConnectAsync();
            await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 2, moment: 111));
        }
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 5);
        Assert.Single(await gateway.Console.AlarmsAsync("crane-moment-alarm"));
        Assert.Empty(await gateway.Console.AlarmsAsync("gateway-was-down"));
    }

    [Fact]
    public async Task A_stream_resumed_with_the_last_event_id_gets_each_transition_once_and_in_order()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1"), SiteFiles.Crane("crane-2")));
        await gateway.StartAsync();
        List<StreamEvent> heard;
        await using (var stream = await SseReader.OpenAsync(gateway))
        {
            await SpeakAsync(gateway, "crane-1", seq: 1);
            await SpeakAsync(gateway, "crane-2", seq: 1);
            await stream.WaitAsync("crane-2's alarm", Eventually.Seconds(5), e => e.IsAlarm("crane-moment-alarm", "crane-2"));
            heard = [.. stream.Events.Where(e => e is { Id: not null, Name: not "snapshot" })];
        }
        long seen = heard[0].Id!.Value;

        await gateway.KillAsync();
        await gateway.StartAsync();
        await using var resumed = await SseReader.OpenAsync(gateway, lastEventId: seen);
        await SpeakAsync(gateway, "crane-2", seq: 2);
        await resumed.WaitAsync("crane-2 is online again", Eventually.Seconds(5), e => e.Id > heard[^1].Id && e.IsPresence("crane-2", "online"));

        var again = resumed.Events.Where(e => e.Id is not null).ToList();
        Assert.DoesNotContain(again, e => e.Name == "snapshot");
        Assert.Equal(heard.Skip(1).Select(e => (e.Id, e.Data.GetRawText())), again.Take(heard.Count - 1).Select(e => (e.Id, e.Data.GetRawText())));
        Assert.Equal(again.Select(e => e.Id).Distinct().Order(), again.Select(e => e.Id));
        Assert.Contains(again.Skip(heard.Count - 1), e => e.IsPresence("crane-1", "unknown(gateway)"));
    }

    /// <summary>A view may be shared and a little old; what happened since it was taken must still reach who has just come.</summary>
    [Fact]
    public async Task A_new_viewer_misses_nothing_that_happened_just_before_it_came()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger([.. Enumerable.Range(1, 8).Select(n => SiteFiles.Crane($"crane-{n}"))]));
        await gateway.StartAsync();
        for (int n = 1; n <= 8; n++)
        {
            await gateway.Console.DeviceAsync("crane-1");
            await SpeakAsync(gateway, $"crane-{n}", seq: 1);
            await using var stream = await SseReader.OpenAsync(gateway);
            await stream.WaitAsync($"the alarm of crane-{n}", Eventually.Seconds(2), e => e.IsAlarm("crane-moment-alarm", $"crane-{n}")
                || (e.Name == "snapshot" && e.Data.GetProperty("alarms").EnumerateArray().Any(a => a.GetProperty("subject").GetProperty("id").GetString() == $"crane-{n}")));
        }
    }

    [Fact]
    public async Task A_viewer_that_comes_back_at_once_resumes_where_it_was()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync();
        long last;
        await using (var stream = await SseReader.OpenAsync(gateway))
        {
            await gateway.Console.DeviceAsync("crane-1");
            await SpeakAsync(gateway, "crane-1", seq: 1);
            last = (await stream.WaitAsync("the alarm", Eventually.Seconds(5), e => e.IsAlarm("crane-moment-alarm"))).Id!.Value;
        }
        await using var resumed = await SseReader.OpenAsync(gateway, lastEventId: last);
        Assert.Equal("site", resumed.Events[0].Name);
    }

    private static async Task SpeakAsync(GatewayUnderTest gateway, string crane, long seq)
    {
        await using var device = new MqttDevice(crane, gateway.MqttPort);
        await device.ConnectAsync();
        await device.DeliverAsync(Words.Telemetry(crane), Words.CraneJson(Words.NowMs, seq, moment: 110));
    }
}
