using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>mosquitto's tools, Paho and MQTT.js against the listener, each in every version it speaks.</summary>
public sealed class RealClientTests(RealClientTests.Site site) : IClassFixture<RealClientTests.Site>
{
    private GatewayUnderTest Gateway => site.Gateway;

    /// <summary>Program and version.</summary>
    public static TheoryData<string, string> Clients => Rows(_ => true);

    /// <summary>The same in 5.0 alone.</summary>
    public static TheoryData<string, string> Clients5 => Rows(row => row[1] == "5.0");

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_display_with_wildcards_sees_exactly_what_a_device_publishes_and_the_reading_is_in_the_console(string program, string version)
    {
        string crane = Site.CraneOf(program, version);
        await using var display = RealClient.Of(program, version, Gateway.MqttPort);
        await using var device = RealClient.Of(program, version, Gateway.MqttPort);
        await display.ConnectAsync(new ClientWish($"{crane}-display"), qos: 2, $"site/+/crane/{crane}/#");
        await device.ConnectAsync(new ClientWish(crane));

        await device.PublishAsync(Words.Status(crane), """{"online":true}""", qos: 1);
        await device.PublishAsync(Words.Telemetry($"{crane}-neighbour"), "not for this display", qos: 1);
        var sent = new List<string> { """{"online":true}""" };
        for (int qos = 0; qos <= 2; qos++)
        {
            sent.Add(Words.CraneJson(Words.NowMs, seq: qos, moment: 40 + qos));
            await device.PublishAsync(Words.Telemetry(crane), sent[^1], qos);
            // Each message of mosquitto_pub comes over a connection of its own: between those there is no order to keep.
            await display.HasHeardAsync([.. sent]);
        }

        Assert.Equal([1, 0, 1, 2], display.Messages.Select(m => m.Qos));
        Assert.All(display.Messages, m => Assert.False(m.Retain));
        Assert.Equal([Words.Status(crane), Words.Telemetry(crane)], display.Messages.Select(m => m.Topic).Distinct());
        await Eventually.GetAsync("the last reading is in the console", Eventually.Seconds(5), () => Gateway.Console.ValueAsync(crane, "moment_pct"), value => value == 42);
        await Gateway.Console.WaitForPresenceAsync(crane, "online", 5);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_late_subscriber_gets_what_was_retained_and_only_that(string program, string version)
    {
        string topic = $"plan/{program}/{version}";
        await using var office = RealClient.Of(program, version, Gateway.MqttPort);
        await office.ConnectAsync(new ClientWish($"{topic}/office"));
        await office.PublishAsync($"{topic}/a", "first", qos: 1, retain: true);
        await office.PublishAsync($"{topic}/a", "second", qos: 1, retain: true);
        await office.PublishAsync($"{topic}/a", "not kept", qos: 1);
        await office.PublishAsync($"{topic}/b", "gone", qos: 1, retain: true);
        await office.PublishAsync($"{topic}/b", "", qos: 1, retain: true);

        await using var late = RealClient.Of(program, version, Gateway.MqttPort);
        await late.ConnectAsync(new ClientWish($"{topic}/late"), qos: 1, $"{topic}/+");
        await late.HasHeardAsync("second");
        await office.PublishAsync($"{topic}/a", "live", qos: 1, retain: true);
        await late.HasHeardAsync("second", "live");

        Assert.Equal([true, false], late.Messages.Select(m => m.Retain));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_Will_is_published_for_whom_the_connection_broke_and_for_whom_said_goodbye_only_if_asked_to(string program, string version)
    {
        string place = $"will/{program}/{version}";
        await using var watcher = RealClient.Of(program, version, Gateway.MqttPort);
        await using var polite = RealClient.Of(program, version, Gateway.MqttPort);
        await using var doomed = RealClient.Of(program, version, Gateway.MqttPort);
        await watcher.ConnectAsync(new ClientWish($"{place}/watcher"), qos: 1, $"{place}/#");
        await polite.ConnectAsync(new ClientWish($"{place}/polite", Will: new WillWish($"{place}/polite", "said on request")), qos: 0, "nothing");
        await doomed.ConnectAsync(new ClientWish($"{place}/doomed", Will: new WillWish($"{place}/doomed", "dead")), qos: 0, "nothing");

        await polite.DisconnectAsync();
        await doomed.KillAsync();

        // Ended by a signal, mosquitto_sub asks for its Will where its version has a word for that: reason 0x04.
        await watcher.HasHeardAsync(polite is MosquittoClient { IsV5: true } ? ["said on request", "dead"] : ["dead"]);
        Assert.Equal($"{place}/doomed", watcher.Messages[^1].Topic);
    }

    [Theory]
    [MemberData(nameof(Clients5))]
    public async Task A_delayed_Will_waits_its_time(string program, string version)
    {
        const int DelaySeconds = 1;
        string place = $"delayed/{program}";
        await using var watcher = RealClient.Of(program, version, Gateway.MqttPort);
        await using var doomed = RealClient.Of(program, version, Gateway.MqttPort);
        await watcher.ConnectAsync(new ClientWish($"{place}/watcher"), qos: 1, $"{place}/#");
        await doomed.ConnectAsync(new ClientWish($"{place}/doomed", KeepSeconds: 60, Will: new WillWish($"{place}/doomed", "dead", DelaySeconds)), qos: 0, "nothing");

        long killedAt = Words.NowMs;
        await doomed.KillAsync();

        await watcher.HasHeardAsync("dead");
        Assert.True(Words.NowMs - killedAt >= 1000 * DelaySeconds, $"after {Words.NowMs - killedAt} ms");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Whoever_comes_with_the_same_id_takes_the_place_of_the_older(string program, string version)
    {
        string id = $"twice-{program}-{version}";
        await using var older = RealClient.Of(program, version, Gateway.MqttPort);
        await using var newer = RealClient.Of(program, version, Gateway.MqttPort);
        await older.ConnectAsync(new ClientWish(id), qos: 1, id);
        int connections = (await Metrics.ReadAsync(Gateway)).Connections;
        await newer.ConnectAsync(new ClientWish(id), qos: 1, id);

        // Session taken over [MQTT 5.0 §3.14.2.1]; 3.1.1 has no words for it, and Paho's 1.6 reads a reason only when properties follow.
        if (older.IsV5 && program != "paho") Assert.Equal(0x8E, await older.DismissedAsync());
        await older.KillAsync();
        await Metrics.WithConnectionsAsync(Gateway, connections);
        await using var third = RealClient.Of(program, version, Gateway.MqttPort);
        await third.ConnectAsync(new ClientWish($"{id}-third"));
        await third.PublishAsync(id, "for the newer", qos: 1);
        await newer.HasHeardAsync("for the newer");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Two_of_a_shared_subscription_divide_the_messages_among_them(string program, string version)
    {
        const int Messages = 6;
        string topic = $"jobs/{program}/{version}";
        await using var one = RealClient.Of(program, version, Gateway.MqttPort);
        await using var other = RealClient.Of(program, version, Gateway.MqttPort);
        await using var giver = RealClient.Of(program, version, Gateway.MqttPort);
        await one.ConnectAsync(new ClientWish($"{topic}/one"), qos: 1, $"$share/crew/{topic}");
        await other.ConnectAsync(new ClientWish($"{topic}/other"), qos: 1, $"$share/crew/{topic}");
        await giver.ConnectAsync(new ClientWish($"{topic}/giver"));

        for (int n = 0; n < Messages; n++) await giver.PublishAsync(topic, $"job-{n}", qos: 1);

        await Eventually.TrueAsync("all jobs are given out", Eventually.Seconds(10), () => one.Messages.Count + other.Messages.Count >= Messages);
        Assert.Equal(Enumerable.Range(0, Messages).Select(n => $"job-{n}"), one.Messages.Concat(other.Messages).Select(m => m.Payload).Order());
        Assert.NotEmpty(one.Messages);
        Assert.NotEmpty(other.Messages);
    }

    [Theory]
    [InlineData("paho")]
    [InlineData("mqttjs")]
    public async Task Topic_aliases_of_a_5_0_client_stand_for_their_topics_in_both_directions(string program)
    {
        await using var publisher = RealClient.Of(program, "5.0", Gateway.MqttPort);
        // Paho's 1.6 does not resolve aliases it is sent, and so asks for none; MQTT.js does.
        await using var subscriber = RealClient.Of("mqttjs", "5.0", Gateway.MqttPort);
        await subscriber.ConnectAsync(new ClientWish($"alias-{program}-subscriber", Aliases: true), qos: 1, $"alias/{program}/#");
        await publisher.ConnectAsync(new ClientWish($"alias-{program}-publisher", Aliases: true));

        var sent = new List<(string Topic, string Payload)>();
        for (int round = 0; round < 4; round++)
            for (int topic = 0; topic < 20; topic++) sent.Add(($"alias/{program}/{topic}", $"{round}-{topic}"));
        foreach (var (topic, payload) in sent) await ((ScriptedClient)publisher).SendAsync(topic, payload, qos: 1);

        await Eventually.GetAsync("all messages", Eventually.Seconds(20), () => subscriber.Messages.Count, count => count >= sent.Count);
        Assert.Equal(sent, subscriber.Messages.Select(m => (m.Topic, m.Payload)));
    }

    [Theory]
    [MemberData(nameof(Clients5))]
    public async Task A_message_that_expired_while_its_subscriber_was_away_is_not_delivered(string program, string version)
    {
        string topic = $"expiry/{program}";
        await using var publisher = RealClient.Of(program, version, Gateway.MqttPort);
        await publisher.ConnectAsync(new ClientWish($"{topic}/publisher"));
        await using (var before = RealClient.Of(program, version, Gateway.MqttPort))
        {
            await before.ConnectAsync(new ClientWish($"{topic}/subscriber", KeepSeconds: 600), qos: 1, topic);
            await before.DisconnectAsync();
        }
        double expired = (await Metrics.ReadAsync(Gateway))["gateway_mqtt_dropped_expired_total"];
        await publisher.PublishAsync(topic, "short", qos: 1, expirySeconds: 1);
        long at = Words.NowMs;
        await publisher.PublishAsync(topic, "long", qos: 1, expirySeconds: 500);
        await publisher.PublishAsync(topic, "for ever", qos: 1);
        await Eventually.TrueAsync("a second and a half", Eventually.Seconds(5), () => Words.NowMs - at > 1_500);

        await using var after = RealClient.Of(program, version, Gateway.MqttPort);
        await after.ConnectAsync(new ClientWish($"{topic}/subscriber", KeepSeconds: 600), qos: 1, topic);

        await after.HasHeardAsync("long", "for ever");
        Assert.InRange(after.Messages[0].ExpirySeconds ?? 0, 400, 499);
        Assert.Null(after.Messages[1].ExpirySeconds);
        Assert.Equal(expired + 1, (await Metrics.ReadAsync(Gateway))["gateway_mqtt_dropped_expired_total"]);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task The_listeners_own_figures_are_read_below_SYS(string program, string version)
    {
        await using var tool = RealClient.Of(program, version, Gateway.MqttPort);
        await tool.ConnectAsync(new ClientWish($"sys-{program}-{version}"), qos: 0, "$SYS/broker/#", "+/broker/clients/total");

        await Eventually.TrueAsync("the figures", Eventually.Seconds(10), () => tool.Messages.Count >= 10, () => tool.Said);
        Assert.All(tool.Messages, m => Assert.StartsWith("$SYS/broker/", m.Topic));
        var figures = tool.Messages.DistinctBy(m => m.Topic).ToDictionary(m => m.Topic["$SYS/broker/".Length..], m => m.Payload);
        Assert.EndsWith(" seconds", figures["uptime"]);
        foreach (string figure in new[] { "clients/connected", "clients/total", "subscriptions/count", "retained messages/count", "publish/messages/received", "publish/messages/sent" })
            Assert.True(long.Parse(figures[figure], CultureInfo.InvariantCulture) >= 0, figure);
    }

    private static TheoryData<string, string> Rows(Func<string[], bool> wanted)
    {
        var rows = new TheoryData<string, string>();
        foreach (string[] row in RealClient.All.Where(wanted)) rows.Add(row[0], row[1]);
        return rows;
    }

    /// <summary>A gateway with a crane for each client.</summary>
    public sealed class Site : SharedGateway
    {
        internal static string CraneOf(string program, string version) => $"crane-{program}-{version[0]}";

        protected override JsonObject[] Devices() => [.. RealClient.All.Select(row => SiteFiles.Crane(CraneOf(row[0], row[1]), expectedSeconds: 60))];
    }
}
