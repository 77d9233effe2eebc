using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.MqttClient;
using Gateway.Protocols.Mqtt;
using Xunit;
using static Gateway.Tests.Links.MqttClient.BrokerConnectionTests;

namespace Gateway.Tests.Links.MqttClient;

/// <summary>Messages of the broker on their way to the disk, and their acknowledgements on the way back.</summary>
public sealed class BrokerMessagesTests
{
    private const string Load = """{"load_t":1}""";

    [Fact]
    public async Task A_message_is_acknowledged_after_its_commit_and_not_before()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, Load, id: 7);
        await rig.ArrivedAsync(1);
        await rig.ExpectNothingButPingAsync();

        var reading = Assert.Single(rig.Commit().Readings);

        Assert.Equal(7, (await rig.ExpectAsync(MqttPacketType.Puback)).Id);
        Assert.Equal((rig.Site.IndexOf("y1"), ReadingKind.Measurement, ReadingFlags.None), (reading.Device, reading.Kind, reading.Flags));
    }

    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5.0")]
    public async Task QoS_2_is_received_once_and_released(string version)
    {
        await using var rig = new BrokerRig(new BrokerOptions { Version = version });
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, Load, qos: 2, id: 5);
        await rig.PublishAsync(BrokerSite.Crane, Load, qos: 2, id: 5, dup: true);
        await rig.PublishAsync(BrokerSite.Crane, """{"load_t":2}""", qos: 2, id: 6);
        await rig.ArrivedAsync(2);

        Assert.Equal(2, rig.Commit().Readings.Count);

        Assert.Equal([5, 5, 6], await rig.IdsAsync(MqttPacketType.Pubrec, 3));
        await rig.SendAckAsync(MqttPacketType.Pubrel, 5);
        var complete = await rig.ExpectAsync(MqttPacketType.Pubcomp);
        Assert.Equal((5, MqttReason.Success), (complete.Id, complete.Reason(rig.Options.ProtocolVersion)));
        // Free again: another message may bear it.
        await rig.PublishAsync(BrokerSite.Crane, """{"load_t":3}""", qos: 2, id: 5);
        await rig.ArrivedAsync(3);
        Assert.Single(rig.Commit().Readings);
    }

    [Fact]
    public async Task A_QoS_2_message_sent_again_over_the_next_connection_is_the_same_message()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, Load, qos: 2, id: 5);
        await rig.ArrivedAsync(1);
        await rig.HangUpAsync();
        await rig.EndAsync();
        Assert.Single(rig.Commit().Readings);

        rig.Connect();
        await rig.UpAsync(sessionPresent: true);
        await rig.PublishAsync(BrokerSite.Crane, Load, qos: 2, id: 5, dup: true);
        rig.Arrived();
        Assert.Empty(rig.Commit().Readings);
        Assert.Equal(5, (await rig.ExpectAsync(MqttPacketType.Pubrec)).Id);
    }

    [Fact]
    public async Task A_broker_that_forgot_the_session_may_use_every_id_again()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, Load, qos: 2, id: 5);
        await rig.ArrivedAsync(1);
        rig.Commit();
        await rig.HangUpAsync();
        await rig.EndAsync();

        rig.Connect();
        await rig.UpAsync(sessionPresent: false);
        await rig.PublishAsync(BrokerSite.Crane, """{"load_t":2}""", qos: 2, id: 5);
        await rig.ArrivedAsync(2);
        Assert.Single(rig.Commit().Readings);
    }

    [Theory]
    [InlineData("3.1.1", MqttReason.Success)]
    [InlineData("5.0", MqttReason.PacketIdentifierNotFound)]
    public async Task A_PUBREL_for_what_an_earlier_process_received_is_completed(string version, MqttReason reason)
    {
        await using var rig = new BrokerRig(new BrokerOptions { Version = version });
        await rig.UpAsync(sessionPresent: true);
        await rig.SendAckAsync(MqttPacketType.Pubrel, 44);
        var complete = await rig.ExpectAsync(MqttPacketType.Pubcomp);
        Assert.Equal((44, reason), (complete.Id, complete.Reason(rig.Options.ProtocolVersion)));
    }

    [Fact]
    public async Task QoS_0_needs_no_answer()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, Load, qos: 0);
        await rig.ArrivedAsync(1);
        Assert.Single(rig.Commit().Readings);
        await rig.ExpectNothingButPingAsync();
    }

    [Fact]
    public async Task A_retained_message_is_marked_and_so_is_no_life()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, Load, retain: true);
        await rig.ArrivedAsync(1);
        Assert.Equal(ReadingFlags.Retained, Assert.Single(rig.Commit().Readings).Flags);
    }

    [Fact]
    public async Task What_the_broker_kept_while_we_were_away_is_marked_and_what_is_said_now_is_not()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync(sessionPresent: true);
        long now = TestSite.Ten;
        await rig.PublishAsync(BrokerSite.Crane, $$"""{"ts":{{now - 300_000}},"load_t":1}""", id: 1);
        await rig.PublishAsync(BrokerSite.Crane, $$"""{"ts":{{now - 1}},"load_t":2}""", id: 2);
        await rig.PublishAsync(BrokerSite.Crane, $$"""{"ts":{{now}},"load_t":3}""", id: 3);
        await rig.PublishAsync(BrokerSite.Crane, """{"load_t":4}""", id: 4);
        await rig.ArrivedAsync(4);

        var round = rig.Commit();

        Assert.Equal([ReadingFlags.Backfill, ReadingFlags.Backfill, ReadingFlags.None, ReadingFlags.None], round.Readings.Select(r => r.Flags));
        // What was measured minutes ago stands in the store at its own time.
        Assert.Equal((now - 300_000) * 1000, round.Readings[0].PointAtUs);
    }

    [Fact]
    public async Task What_was_sent_before_is_marked_also_when_its_time_is_now()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, $$"""{"ts":{{TestSite.Ten}},"load_t":1}""", dup: true);
        await rig.ArrivedAsync(1);
        Assert.Equal(ReadingFlags.Backfill, Assert.Single(rig.Commit().Readings).Flags);
    }

    [Fact]
    public async Task A_death_notice_is_believed_when_it_is_news_and_not_when_it_was_kept()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync(sessionPresent: true);
        const string Status = "site/s1/crane/y1/status", Dead = """{"online":false}""";
        await rig.PublishAsync(Status, Dead, id: 1);
        await rig.PublishAsync(Status, Dead, id: 2, retain: true);
        await rig.PublishAsync(BrokerSite.Crane, $$"""{"ts":{{TestSite.Ten}},"load_t":1}""", id: 3);
        await rig.ArrivedAsync(1);
        Assert.DoesNotContain(rig.Commit().Events, e => e.Kind == LinkEventKind.Died);
        await rig.IdsAsync(MqttPacketType.Puback, 3);

        await rig.PublishAsync(Status, Dead, id: 4);
        await rig.PublishAsync("site/s1/crane/y2/telemetry", Load, id: 5);
        await rig.ArrivedAsync(2);
        Assert.Equal([rig.Site.IndexOf("y1")], rig.Commit().Events.Where(e => e.Kind == LinkEventKind.Died).Select(e => e.Device));
        Assert.Equal([4, 5], await rig.IdsAsync(MqttPacketType.Puback, 2));
    }

    [Fact]
    public async Task A_message_speaks_for_the_device_of_its_own_broker_only()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        // The listener's crane of the usual site, and a stranger.
        await rig.PublishAsync("site/s1/crane/c1/telemetry", Load, id: 1);
        await rig.PublishAsync(BrokerSite.Crane, Load, id: 2);
        await rig.ArrivedAsync(2);

        var round = rig.Commit();

        var stranger = Assert.Single(round.Events, e => e.Kind == LinkEventKind.Stranger).Stranger!;
        Assert.Equal(("mqtt@yard", "site/s1/crane/c1"), (stranger.Link, stranger.Address));
        Assert.Equal([stranger.Index, rig.Site.IndexOf("y1")], round.Readings.Select(r => r.Device));
        Assert.Contains("device=c1@yard,registered=no", round.Lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_can_read_is_counted_under_the_broker_s_name_and_acknowledged()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync("weather/today", "{}", id: 1);
        await rig.PublishAsync(BrokerSite.Crane, "no JSON", id: 2);
        await rig.PublishAsync(BrokerSite.Crane, Load, id: 3);
        await rig.ArrivedAsync(1);
        rig.Commit();
        Assert.Equal([1, 2, 3], await rig.IdsAsync(MqttPacketType.Puback, 3));
        Assert.Equal([("mqtt@yard", DecodeOutcome.NotJson), ("mqtt@yard", DecodeOutcome.UnknownTopic)], rig.Refused.All().Select(r => (r.Link, r.Reason)).Order());
    }

    [Fact]
    public async Task While_there_is_no_room_nothing_is_read_and_then_it_goes_on_without_a_loss()
    {
        // Room for one line.
        await using var rig = new BrokerRig(linesBytesMax: 1);
        await rig.UpAsync();
        for (int n = 1; n <= 3; n++) await rig.PublishAsync(BrokerSite.Crane, $$"""{"load_t":{{n}}}""", id: (ushort)n);
        var lines = new List<string>();
        for (int n = 1; n <= 3; n++)
        {
            await rig.ArrivedAsync(n);
            var round = rig.Commit();
            Assert.Single(round.Readings);
            lines.Add(round.Lines);
            Assert.Equal(n, (await rig.ExpectAsync(MqttPacketType.Puback)).Id);
        }
        Assert.Equal(["load_t=1", "load_t=2", "load_t=3"], lines.Select(l => l.Split(' ')[1]));
    }

    [Fact]
    public async Task Silence_while_we_do_not_read_is_not_the_broker_s_and_what_comes_afterwards_may_be_old()
    {
        await using var rig = new BrokerRig(linesBytesMax: 1);
        await rig.UpAsync();
        long ten = TestSite.Ten;
        await rig.PublishAsync(BrokerSite.Crane, $$"""{"ts":{{ten}},"load_t":1}""", id: 1);
        await rig.PublishAsync(BrokerSite.Crane, $$"""{"ts":{{ten + 1000}},"load_t":2}""", id: 2);
        await rig.ArrivedAsync(1);
        // The second one stands in front of a full buffer, as while a disk refuses.
        await Eventually(() => rig.Connection.IsStanding);
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        rig.Connection.Watch();
        Assert.False(rig.Aborted);

        Assert.Equal(ReadingFlags.None, Assert.Single(rig.Commit().Readings).Flags);
        await rig.ArrivedAsync(2);
        Assert.Equal(ReadingFlags.Backfill, Assert.Single(rig.Commit().Readings).Flags);
        await rig.PublishAsync(BrokerSite.Crane, $$"""{"ts":{{ten + 600_500}},"load_t":3}""", id: 3);
        await rig.ArrivedAsync(3);
        Assert.Equal(ReadingFlags.None, Assert.Single(rig.Commit().Readings).Flags);
    }

    [Theory]
    [InlineData("3.1.1", 1)]
    [InlineData("5.0", 2)]
    public async Task No_more_is_held_unacknowledged_than_the_receive_maximum(string version, int qos)
    {
        await using var rig = new BrokerRig(new BrokerOptions { Version = version, ReceiveMaximum = 2 });
        await rig.UpAsync();
        for (int n = 1; n <= 3; n++) await rig.PublishAsync(BrokerSite.Crane, $$"""{"load_t":{{n}}}""", qos, (ushort)n);
        await rig.ArrivedAsync(2);
        Assert.Equal(2, rig.Commit().Readings.Count);
        await rig.ArrivedAsync(3);
        Assert.Single(rig.Commit().Readings);
    }

    [Fact]
    public async Task Topic_aliases_of_a_5_0_broker_stand_for_their_topics()
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, Load, id: 1, alias: 3);
        await rig.PublishAsync("", Load, id: 2, alias: 3);
        await rig.PublishAsync("site/s1/crane/y2/telemetry", Load, id: 3, alias: 3);
        await rig.PublishAsync("", Load, id: 4, alias: 3);
        await rig.ArrivedAsync(4);
        Assert.Equal(["y1", "y1", "y2", "y2"], rig.Commit().Readings.Select(r => rig.Site.Directory.Registered[r.Device].Id));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(BrokerConnection.TopicAliasMax + 1)]
    public async Task An_alias_nobody_set_up_ends_the_connection(int alias)
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync();
        await rig.PublishAsync("", Load, id: 1, alias: alias);
        Assert.Equal((byte)MqttReason.TopicAliasInvalid, (await rig.ExpectAsync(MqttPacketType.Disconnect)).Body[0]);
        Assert.Equal(BrokerEndKind.Lost, (await rig.EndAsync()).Kind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_message_that_is_too_large_is_acknowledged_unread_and_those_behind_it_are_read(int qos)
    {
        await using var rig = new BrokerRig(new BrokerOptions { PacketBytesMax = 300 });
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, new string('x', 100_000), qos, id: 8);
        await rig.PublishAsync(BrokerSite.Crane, Load, id: 9);
        await rig.ArrivedAsync(1);

        Assert.Single(rig.Commit().Readings);

        Assert.Equal(8, (await rig.ExpectAsync(qos == 2 ? MqttPacketType.Pubrec : MqttPacketType.Puback)).Id);
        Assert.Equal(9, (await rig.ExpectAsync(MqttPacketType.Puback)).Id);
        Assert.Equal(1, rig.Session.Tally.Oversized);
        Assert.Equal(DecodeOutcome.TooLarge, Assert.Single(rig.Refused.All()).Reason);
    }

    [Fact]
    public async Task A_packet_that_is_too_large_and_no_message_ends_the_connection()
    {
        await using var rig = new BrokerRig(new BrokerOptions { PacketBytesMax = 300 });
        await rig.UpAsync();
        await rig.SendAsync(new byte[] { 0x90, 0xFF, 0x7F, 0, 1 });
        Assert.Contains("larger than accepted", (await rig.EndAsync()).Why, StringComparison.Ordinal);
    }

    /// <summary>The very point in the store is found again, so that the repeat overwrites it.</summary>
    [Fact]
    public async Task A_message_sent_again_after_a_lost_acknowledgement_overwrites_itself()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        string message = $$"""{"ts":{{TestSite.Ten}},"load_t":1}""";
        await rig.PublishAsync(BrokerSite.Crane, message, id: 5);
        await rig.ArrivedAsync(1);
        string first = rig.Commit().Lines;
        await rig.HangUpAsync();
        await rig.EndAsync();

        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        rig.Connect();
        await rig.UpAsync(sessionPresent: true);
        await rig.PublishAsync(BrokerSite.Crane, message, id: 5, dup: true);
        await rig.ArrivedAsync(2);
        Assert.Equal(first, rig.Commit().Lines);
        Assert.NotEmpty(first);
    }

    [Fact]
    public async Task A_stranger_is_told_once_over_all_connections()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync("site/s1/crane/x9/telemetry", Load, id: 1);
        await rig.ArrivedAsync(1);
        Assert.Equal([LinkEventKind.Stranger, LinkEventKind.Up], rig.Commit().Events.Select(e => e.Kind));
        await rig.HangUpAsync();
        await rig.EndAsync();
        rig.Connect();
        await rig.UpAsync();
        await rig.PublishAsync("site/s1/crane/x9/telemetry", """{"load_t":2}""", id: 1);
        await rig.ArrivedAsync(2);
        Assert.Empty(rig.Commit().Events);
    }
}
