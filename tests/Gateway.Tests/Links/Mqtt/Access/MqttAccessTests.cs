using Gateway.Access;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Access;
using Gateway.Links.Mqtt.Tls;
using Gateway.Protocols.Mqtt;
using Gateway.Store;
using Gateway.Testing.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Access;

public sealed class MqttAccessTests : IAsyncDisposable
{
    private const string Secret = "a-secret-of-c1";
    private readonly ListenerRig _rig = new(AccessSite.Members);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task The_right_password_lets_its_device_in_under_its_own_name()
    {
        _rig.SetPassword("c1", Secret);
        var outcome = await _rig.SignInAsync("c1", Secret);
        Assert.Equal(("c1", MqttReason.Success), (outcome.Identity?.Name, outcome.Reason));
        Assert.True(outcome.Identity!.Rights.MayPublish("site/s1/crane/c1/telemetry"u8));
    }

    [Fact]
    public async Task A_client_signs_in_with_the_user_name_of_its_entry()
    {
        _rig.SetPassword("dtu-1", Secret);
        Assert.Equal("dtu-1", (await _rig.SignInAsync("DTU one", Secret)).Identity?.Name);
        Assert.Null((await _rig.SignInAsync("dtu-1", Secret)).Identity);
    }

    [Theory]
    [InlineData("c1", "not this one")]
    [InlineData("c1", "")]
    [InlineData("c1", null)]
    [InlineData("c2", Secret)]
    [InlineData("nobody", Secret)]
    [InlineData("", Secret)]
    public async Task A_wrong_password_an_unknown_user_and_one_without_a_password_hear_the_same(string user, string? password)
    {
        _rig.SetPassword("c1", Secret);
        Assert.Equal(new MqttSignIn(null, MqttReason.BadUserNameOrPassword, "user name or password is wrong"), await _rig.SignInAsync(user, password));
    }

    [Fact]
    public async Task A_password_that_is_far_too_long_is_wrong()
    {
        _rig.SetPassword("c1", Secret);
        Assert.Equal(MqttReason.BadUserNameOrPassword, (await _rig.SignInAsync("c1", new string('x', 60_000))).Reason);
    }

    [Fact]
    public void Work_for_a_name_without_a_password_is_drawn_from_the_work_of_those_with_one()
    {
        _rig.SetPassword("c1", Secret, 1_000);
        _rig.SetPassword("c2", Secret, 3_000);
        using var reader = new StateReader(_rig.Store.StatePath);
        var passwords = new DevicePasswords(MqttLogins.Of(_rig.Ledger), reader);
        passwords.Refresh();
        Assert.Equal([1_000, 3_000], Enumerable.Range(0, 10).Select(i => passwords.IterationsForNobody((uint)i)).Distinct().Order());
    }

    [Fact]
    public async Task Passwords_are_computed_elsewhere_and_the_caller_goes_on()
    {
        _rig.SetPassword("c1", Secret, 1_000_000);
        var pending = _rig.Access.SignInAsync(ListenerRig.ConnectOf("c1", Secret), new MqttPeer(null, null, false));
        Assert.False(pending.IsCompleted);
        Assert.Equal("c1", (await pending).Identity?.Name);
    }

    [Fact]
    public async Task A_password_is_computed_once_and_known_from_then_on()
    {
        _rig.SetPassword("c1", Secret);
        await _rig.SignInAsync("c1", Secret);
        for (int i = 0; i < 500; i++)
        {
            var again = _rig.SignInAsync("c1", Secret);
            Assert.True(again.IsCompletedSuccessfully);
            Assert.Equal("c1", (await again).Identity?.Name);
        }
        Assert.Equal((1, 500), (_rig.Count(SignInOutcome.Password), _rig.Count(SignInOutcome.Remembered)));
    }

    [Fact]
    public async Task What_is_known_falls_with_the_password()
    {
        _rig.SetPassword("c1", Secret);
        await _rig.SignInAsync("c1", Secret);
        _rig.SetPassword("c1", "another-secret");
        Assert.Null((await _rig.SignInAsync("c1", Secret)).Identity);
        Assert.Equal("c1", (await _rig.SignInAsync("c1", "another-secret")).Identity?.Name);
        Assert.Equal(AccessOutcome.Done, _rig.Commands.Remove("c1"));
        _rig.Access.Look();
        Assert.Null((await _rig.SignInAsync("c1", "another-secret")).Identity);
    }

    [Fact]
    public async Task A_hash_in_the_ledger_is_a_password_and_wins_over_the_stores()
    {
        await using var rig = new ListenerRig($$"""
            "devices": [ { "id": "c1", "name": "1", "kind": "crane", "profile": "crane-json", "link": "mqtt", "password": "{{PasswordHash.Make("from the ledger", 1_000)}}" } ]
            """);
        using (var other = StateStore.Open(rig.Store.StatePath)) other.Commit(() => DevicePasswordSteps.Set(other, 1, "test", "c1", PasswordHash.Make("from the store", 1_000)));
        rig.Access.Look();
        Assert.Equal("c1", (await rig.SignInAsync("c1", "from the ledger")).Identity?.Name);
        Assert.Null((await rig.SignInAsync("c1", "from the store")).Identity);
    }

    [Theory]
    [InlineData(AnonymousFrom.No, "127.0.0.1", false, false)]
    [InlineData(AnonymousFrom.No, "10.0.0.7", false, false)]
    [InlineData(AnonymousFrom.Loopback, "127.0.0.1", false, true)]
    [InlineData(AnonymousFrom.Loopback, "::1", false, true)]
    [InlineData(AnonymousFrom.Loopback, "127.0.0.1", true, false)]
    [InlineData(AnonymousFrom.Loopback, "10.0.0.7", false, false)]
    [InlineData(AnonymousFrom.Anywhere, "10.0.0.7", false, true)]
    [InlineData(AnonymousFrom.Anywhere, "10.0.0.7", true, true)]
    public async Task A_client_without_a_name_comes_in_from_where_the_options_say(AnonymousFrom option, string from, bool webSocket, bool allowed)
    {
        await using var rig = new ListenerRig(AccessSite.Members, new MqttOptions { Anonymous = option });
        var outcome = await rig.SignInAsync(from: from, webSocket: webSocket);
        Assert.Equal((allowed ? "" : null, allowed ? MqttReason.Success : MqttReason.NotAuthorized), (outcome.Identity?.Name, outcome.Reason));
    }

    [Fact]
    public async Task Empty_fields_are_no_name() => Assert.Equal("", (await _rig.SignInAsync("", "", from: "127.0.0.1")).Identity?.Name);

    [Fact]
    public async Task A_name_is_judged_even_where_none_is_needed() => Assert.Equal(MqttReason.BadUserNameOrPassword, (await _rig.SignInAsync("c1", Secret, from: "127.0.0.1")).Reason);

    [Fact]
    public async Task The_topics_of_a_device_with_a_password_are_not_for_anonymous_clients_any_more_and_are_again_without_it()
    {
        var rights = (await _rig.SignInAsync(from: "127.0.0.1")).Identity!.Rights;
        Assert.True(rights.MayPublish("site/s1/crane/c1/telemetry"u8));
        _rig.SetPassword("c1", Secret);
        Assert.False(rights.MayPublish("site/s1/crane/c1/telemetry"u8));
        Assert.False(rights.MayPublish("site/s1/crane/c1"u8));
        Assert.True(rights.MayPublish("site/s1/crane/c2/telemetry"u8));
        _rig.SetPassword("dtu-1", Secret);
        Assert.False(rights.MayPublish("dtu/three/telemetry"u8));
        _rig.Commands.Remove("c1");
        _rig.Access.Look();
        Assert.True(rights.MayPublish("site/s1/crane/c1/telemetry"u8));
    }

    [Fact]
    public async Task A_device_with_a_password_does_not_come_in_without_it()
    {
        Assert.Equal("", (await _rig.SignInAsync(from: "127.0.0.1", clientId: "c1")).Identity?.Name);
        _rig.SetPassword("c1", Secret);
        Assert.Equal(MqttReason.NotAuthorized, (await _rig.SignInAsync(from: "127.0.0.1", clientId: "c1")).Reason);
        Assert.Equal("", (await _rig.SignInAsync(from: "127.0.0.1", clientId: "c2")).Identity?.Name);
    }

    [Fact]
    public async Task Lists_of_filters_narrow_what_anonymous_clients_may()
    {
        await using var rig = new ListenerRig(AccessSite.Members, new MqttOptions { AnonymousPublish = ["site/#", "!site/s1/crane/c2/#"], AnonymousSubscribe = ["!#"] });
        var rights = (await rig.SignInAsync(from: "127.0.0.1")).Identity!.Rights;
        Assert.True(rights.MayPublish("site/s1/crane/c1/telemetry"u8));
        Assert.False(rights.MayPublish("site/s1/crane/c2/telemetry"u8));
        Assert.False(rights.MayPublish("dtu/three/telemetry"u8));
        Assert.False(rights.MaySubscribe("site/#"));
    }

    [Fact]
    public async Task By_default_an_anonymous_client_reads_everything_and_publishes_everything_but_below_a_dollar()
    {
        var rights = (await _rig.SignInAsync(from: "127.0.0.1")).Identity!.Rights;
        Assert.True(rights.MaySubscribe("#"));
        Assert.True(rights.MaySubscribe("$SYS/#"));
        Assert.True(rights.MayPublish("anything"u8));
        Assert.False(rights.MayPublish("$SYS/broker/uptime"u8));
    }

    [Fact]
    public async Task A_certificate_lets_its_device_in_and_a_user_name_beside_it_must_be_the_same()
    {
        var authority = new TestAuthority("site", _rig.Clock.GetUtcNow());
        var (c1, stranger) = (authority.Client("c1").Certificate, authority.Client("stranger").Certificate);
        _rig.SetPassword("c2", Secret);
        Assert.Equal("c1", (await _rig.SignInAsync(certificate: c1)).Identity?.Name);
        Assert.Equal("c1", (await _rig.SignInAsync("c1", "whatever the firmware sends", certificate: c1)).Identity?.Name);
        Assert.Equal(MqttReason.NotAuthorized, (await _rig.SignInAsync("c2", Secret, certificate: c1)).Reason);
        Assert.Equal(MqttReason.NotAuthorized, (await _rig.SignInAsync(from: "127.0.0.1", certificate: stranger)).Reason);
        Assert.Equal("c2", (await _rig.SignInAsync("c2", Secret, certificate: stranger)).Identity?.Name);
    }

    [Fact]
    public async Task Whose_rights_a_session_has_depends_on_whether_its_owner_can_come_back()
    {
        Assert.Null(_rig.Access.RightsOf("c1"));
        Assert.NotNull(_rig.Access.RightsOf(""));
        _rig.SetPassword("c1", Secret);
        Assert.NotNull(_rig.Access.RightsOf("c1"));
        Assert.Null(_rig.Access.RightsOf("one that left the ledger"));
        await using var byCertificate = new ListenerRig(AccessSite.Members, new MqttOptions { Anonymous = AnonymousFrom.No, Tls = new MqttTlsOptions { Enabled = true, ClientCaFile = "ca.pem" } });
        Assert.NotNull(byCertificate.Access.RightsOf("c1"));
        Assert.Null(byCertificate.Access.RightsOf(""));
    }

    [Fact]
    public void Only_what_changed_is_told()
    {
        var told = new List<string>();
        _rig.Access.Changed += ids => told.AddRange(ids);
        _rig.SetPassword("c1", Secret);
        _rig.SetPassword("c2", Secret);
        _rig.Access.Look();
        Assert.Equal(["c1", "c2"], told);
    }
}
