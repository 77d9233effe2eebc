using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>CONNECT and CONNACK [§3.1, §3.2]: who is let in, with which session, and what it is told.</summary>
public sealed class MqttConnectTests
{
    [Theory, ClassData(typeof(BothVersions))]
    public void Session_present_tells_whether_the_session_goes_on(MqttVersion version)
    {
        using var rig = new MqttRig();
        var first = rig.Connect("a", version, kept: true);
        Assert.False(first.Connack!.SessionPresent);
        first.Disconnect();
        var second = rig.Connect("a", version, kept: true);
        Assert.True(second.Connack!.SessionPresent);
        second.Drop();
        Assert.False(rig.Connect("a", version).Connack!.SessionPresent);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_client_id_taken_over_ends_the_older_connection_and_keeps_the_session(MqttVersion version)
    {
        using var rig = new MqttRig();
        var older = rig.Connect("a", version, kept: true);
        older.Subscribe("t", 1);
        var newer = rig.Connect("a", version, kept: true);
        Assert.True(newer.Connack!.SessionPresent);
        Assert.True(older.IsOver);
        var end = older.Next(MqttPacketType.Disconnect);
        Assert.Equal(version == MqttVersion.V5 ? MqttReason.SessionTakenOver : null, end?.Reason);
        rig.Connect("b").Publish("t", "x");
        Assert.Equal(["x"], newer.Texts());
        Assert.Equal(1, rig.Link.Sessions - 1);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_clean_session_is_never_gone_on_with_not_even_by_take_over(MqttVersion version)
    {
        using var rig = new MqttRig();
        rig.Connect("a", version).Subscribe("t", 1);
        var newer = rig.Connect("a", version, kept: true);
        Assert.False(newer.Connack!.SessionPresent);
        rig.Connect("b").Publish("t", "x", 1);
        Assert.Empty(newer.Messages());
    }

    [Fact]
    public void A_client_of_5_without_an_id_is_given_one_and_told()
    {
        using var rig = new MqttRig();
        var (one, two) = (rig.Connect(""), rig.Connect(""));
        Assert.StartsWith("auto-", one.Connack!.AssignedClientId);
        Assert.NotEqual(one.Connack.AssignedClientId, two.Connack!.AssignedClientId);
        Assert.Null(rig.Connect("own").Connack!.AssignedClientId);
        Assert.True(rig.Connect("", kept: true, with: c => c with { ClientId = one.Connack.AssignedClientId! }).Connack!.Reason == MqttReason.Success);
    }

    [Fact]
    public void A_client_of_3_1_1_without_an_id_gets_in_only_with_a_clean_session()
    {
        using var rig = new MqttRig();
        Assert.Equal(MqttReason.Success, rig.Connect("", MqttVersion.V311).Connack!.Reason);
        var refused = rig.Connect("", MqttVersion.V311, kept: true);
        Assert.Equal(MqttReason.ClientIdentifierNotValid, refused.Connack!.Reason);
        Assert.True(refused.IsOver);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_client_id_of_more_than_a_kilobyte_is_refused(MqttVersion version)
    {
        using var rig = new MqttRig();
        Assert.Equal(MqttReason.Success, rig.Connect(new string('x', 1024), version).Connack!.Reason);
        var refused = rig.Connect(new string('x', 1025), version);
        Assert.Equal(MqttReason.ClientIdentifierNotValid, refused.Connack!.Reason);
        Assert.True(refused.IsOver);
    }

    [Fact]
    public void A_version_nobody_knows_is_answered_in_the_oldest_form()
    {
        using var rig = new MqttRig();
        var old = rig.Open(MqttVersion.V311);
        old.Send(0x10, 14, 0, 6, (byte)'M', (byte)'Q', (byte)'I', (byte)'s', (byte)'d', (byte)'p', 3, 2, 0, 60, 0, 0);
        Assert.Equal(MqttReason.UnsupportedProtocolVersion, old.Expect(MqttPacketType.Connack).Reason);
        Assert.True(old.IsOver);
    }

    [Fact]
    public void A_keep_alive_that_is_too_long_is_replaced_and_told_to_clients_of_5()
    {
        using var rig = new MqttRig(o => o.KeepAliveSecondsMax = 100);
        Assert.Equal(100, rig.Connect("none", with: c => c with { KeepAliveSeconds = 0 }).Connack!.ServerKeepAlive);
        Assert.Equal(100, rig.Connect("long", with: c => c with { KeepAliveSeconds = 101 }).Connack!.ServerKeepAlive);
        Assert.Null(rig.Connect("short", with: c => c with { KeepAliveSeconds = 99 }).Connack!.ServerKeepAlive);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_client_silent_for_one_and_a_half_keep_alives_is_ended_not_one_that_pings(MqttVersion version)
    {
        using var rig = new MqttRig();
        var silent = rig.Connect("silent", version, with: c => c with { KeepAliveSeconds = 10 });
        var pings = rig.Connect("pings", version, with: c => c with { KeepAliveSeconds = 10 });
        rig.PassSeconds(14);
        pings.Send(MqttWriter.Pingreq);
        pings.Expect(MqttPacketType.Pingresp);
        Assert.False(silent.IsOver);
        rig.PassSeconds(2);
        Assert.True(silent.IsOver);
        Assert.False(pings.IsOver);
        if (version == MqttVersion.V5) Assert.Equal(MqttReason.KeepAliveTimeout, silent.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Fact]
    public void A_session_expiry_beyond_ours_is_cut_and_told()
    {
        using var rig = new MqttRig(o => o.SessionExpirySecondsMax = 600);
        Assert.Equal(600u, rig.Connect("a", kept: true, with: c => c with { SessionExpirySeconds = uint.MaxValue }).Connack!.SessionExpirySeconds);
        Assert.Null(rig.Connect("b", kept: true, with: c => c with { SessionExpirySeconds = 600 }).Connack!.SessionExpirySeconds);
    }

    [Fact]
    public void What_we_take_is_told_to_clients_of_5()
    {
        using var rig = new MqttRig(o => (o.InflightMax, o.PacketBytesMax, o.TopicAliasMax) = (7, 1000, 5));
        var connack = rig.Connect("a").Connack!;
        Assert.Equal((7, 1000u, 5), (connack.ReceiveMaximum, connack.MaximumPacketSize, connack.TopicAliasMaximum));
        Assert.True(connack.RetainAvailable && connack.WildcardAvailable && connack.SharedAvailable && connack.SubscriptionIdentifiersAvailable);
        Assert.Equal(2, connack.MaximumQos);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_session_belongs_to_whoever_signed_in_with_it(MqttVersion version)
    {
        using var rig = new MqttRig();
        rig.Connect("a", version, kept: true, with: c => c with { User = "ann" }).Disconnect();
        var other = rig.Connect("a", version, kept: true, with: c => c with { User = "bob" });
        Assert.Equal(MqttReason.NotAuthorized, other.Connack!.Reason);
        Assert.True(other.IsOver);
        Assert.True(rig.Connect("a", version, kept: true, with: c => c with { User = "ann" }).Connack!.SessionPresent);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_client_that_nobody_knows_is_refused_with_the_word_of_its_version(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version, with: c => c with { User = "stranger" });
        Assert.Equal(MqttReason.BadUserNameOrPassword, client.Connack!.Reason);
        Assert.Equal(version == MqttVersion.V5 ? "nobody knows stranger" : null, client.Connack.ReasonString);
        Assert.True(client.IsOver);
        Assert.Equal(1, rig.Tally.Rejected);
    }

    [Fact]
    public void A_refusal_leaves_out_the_words_a_small_client_cannot_take()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", with: c => c with { User = "stranger", MaximumPacketSize = 12 });
        Assert.Equal(MqttReason.BadUserNameOrPassword, client.Connack!.Reason);
        Assert.Null(client.Connack.ReasonString);
    }

    [Fact]
    public void A_client_that_cannot_take_our_CONNACK_does_not_even_take_over_the_session()
    {
        using var rig = new MqttRig();
        var older = rig.Connect("a", kept: true);
        var small = rig.Open();
        small.Connect(new MqttConnect { Version = MqttVersion.V5, ClientId = "a", MaximumPacketSize = 10 });
        Assert.True(small.IsOver);
        Assert.Empty(small.Take());
        Assert.False(older.IsOver);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Beyond_the_number_of_sessions_no_further_one_is_kept_but_known_and_clean_ones_get_in(MqttVersion version)
    {
        using var rig = new MqttRig(o => o.SessionsMax = 2);
        rig.Connect("a", version, kept: true).Disconnect();
        rig.Connect("b", version);
        var third = rig.Connect("c", version, kept: true);
        Assert.Equal(version == MqttVersion.V5 ? MqttReason.QuotaExceeded : MqttReason.ServerUnavailable, third.Connack!.Reason);
        Assert.True(rig.Connect("a", version, kept: true).Connack!.SessionPresent);
        Assert.Equal(MqttReason.Success, rig.Connect("c", version).Connack!.Reason);
    }

    [Fact]
    public void Enhanced_authentication_is_refused_by_its_own_word()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", with: c => c with { AuthenticationMethod = new string('M', 60_000), AuthenticationData = [1] });
        Assert.Equal(MqttReason.BadAuthenticationMethod, client.Connack!.Reason);
        Assert.True(client.Connack.ReasonString!.Length < 200);
        Assert.True(client.IsOver);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void An_AUTH_out_of_nowhere_ends_the_connection(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version);
        client.Send(to => MqttWriter.Auth(to, new MqttAuth(MqttReason.ReAuthenticate, "x", null, null)));
        Assert.True(client.IsOver);
        Assert.Equal(version == MqttVersion.V5 ? MqttReason.ProtocolError : null, client.Next(MqttPacketType.Disconnect)?.Reason);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_second_CONNECT_ends_the_connection(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version);
        client.Connect(new MqttConnect { Version = version, ClientId = "a", CleanStart = true });
        Assert.True(client.IsOver);
    }

    [Fact]
    public void A_packet_before_CONNECT_ends_the_connection_without_a_word()
    {
        using var rig = new MqttRig();
        var client = rig.Open();
        client.Send(MqttWriter.Pingreq);
        Assert.True(client.IsOver);
        Assert.Empty(client.Take());
    }

    [Fact]
    public void A_connection_without_CONNECT_is_cut_in_time()
    {
        using var rig = new MqttRig();
        var client = rig.Open();
        rig.PassSeconds(9);
        Assert.False(client.IsOver);
        rig.PassSeconds(2);
        Assert.True(client.IsOver);
        Assert.Contains("no CONNECT", client.Cut);
        Assert.Equal(0, rig.Link.Connections);
    }

    [Fact]
    public void Packets_sent_right_behind_CONNECT_are_read()
    {
        using var rig = new MqttRig();
        var client = rig.Open();
        client.Send(to =>
        {
            MqttWriter.Connect(to, new MqttConnect { Version = MqttVersion.V5, ClientId = "a", CleanStart = true });
            MqttWriter.Subscribe(to, MqttVersion.V5, new MqttSubscribe(1, 0, [new MqttSubscription("t", 0, false, false, 0)]));
            MqttWriter.Publish(to, MqttVersion.V5, "t"u8, "x"u8, new MqttPublishHead());
        });
        Assert.Equal([MqttPacketType.Connack, MqttPacketType.Suback, MqttPacketType.Publish], client.Take().Select(p => p.Type));
    }

    [Fact]
    public void CONNACK_is_the_first_packet_even_when_a_message_waits_for_the_session()
    {
        using var rig = new MqttRig();
        // Its own Will, published by the take-over, falls into the session that goes on.
        var older = rig.Connect("a", MqttVersion.V311, kept: true, with: c => c with { Will = new MqttWill("will"u8.ToArray(), "gone"u8.ToArray(), 0, false, 0, null, []) });
        older.Subscribe("will", 0);
        var newer = rig.Open(MqttVersion.V311);
        newer.Connect(new MqttConnect { Version = MqttVersion.V311, ClientId = "a" });
        Assert.Equal([MqttPacketType.Connack, MqttPacketType.Publish], newer.Take().Select(p => p.Type));
    }

    [Fact]
    public void A_connection_that_ends_a_stored_session_is_let_in_after_the_commit()
    {
        using var rig = new MqttRig();
        rig.Connect("a", kept: true).Disconnect();
        rig.Round();
        var clean = rig.Open();
        clean.Connect(new MqttConnect { Version = MqttVersion.V5, ClientId = "a", CleanStart = true });
        Assert.Null(clean.Connack);
        rig.Round();
        clean.Read();
        Assert.False(clean.Connack!.SessionPresent);
        Assert.Equal(0, rig.Rows("session"));
    }

    [Fact]
    public void A_connection_taken_over_while_it_waits_for_the_commit_is_never_let_in()
    {
        using var rig = new MqttRig();
        rig.Connect("a", kept: true).Disconnect();
        rig.Round();
        var waits = rig.Open();
        waits.Connect(new MqttConnect { Version = MqttVersion.V5, ClientId = "a", CleanStart = true });
        var next = rig.Open();
        next.Connect(new MqttConnect { Version = MqttVersion.V5, ClientId = "a", CleanStart = true });
        rig.Round();
        Assert.True(waits.IsOver);
        Assert.Empty(waits.Take());
        next.Read();
        Assert.NotNull(next.Connack);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_gateway_that_stops_says_so_and_ends_everybody(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version);
        rig.Turn(rig.Link.Stopping);
        Assert.True(client.IsOver);
        Assert.Equal(version == MqttVersion.V5 ? MqttReason.ServerShuttingDown : null, client.Next(MqttPacketType.Disconnect)?.Reason);
    }
}
