using Gateway.Access;
using Gateway.Links.Mqtt.Access;
using Gateway.Protocols.Mqtt;
using Gateway.Testing.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Access;

/// <summary>Guessing is slowed down without locking out those who are guessed at, and without a flood of rows or work.</summary>
public sealed class SignInThrottlingTests : IAsyncDisposable
{
    private const string Secret = "a-secret-of-c1";
    private const string Site = "10.0.0.7";
    private const string Elsewhere = "10.0.0.66";
    private readonly ListenerRig _rig = new(AccessSite.Members);

    public SignInThrottlingTests()
    {
        _rig.SetPassword("c1", Secret);
        _rig.SetPassword("c2", Secret);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task After_five_guesses_even_the_right_password_waits_and_is_not_computed()
    {
        await GuessAsync("c1", Elsewhere, 5);
        long computed = _rig.Count(SignInOutcome.Password);
        Assert.Equal(MqttReason.ServerBusy, (await _rig.SignInAsync("c1", Secret, Elsewhere)).Reason);
        Assert.Equal((computed, 1), (_rig.Count(SignInOutcome.Password), _rig.Count(SignInOutcome.Waiting)));
        _rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("c1", (await _rig.SignInAsync("c1", Secret, Elsewhere)).Identity?.Name);
    }

    [Fact]
    public async Task Guessing_at_many_names_from_one_address_waits_too()
    {
        for (int i = 0; i < 5; i++) await _rig.SignInAsync($"nobody-{i}", "guess", Elsewhere);
        Assert.Equal(MqttReason.ServerBusy, (await _rig.SignInAsync("nobody-9", "guess", Elsewhere)).Reason);
        Assert.Equal("c2", (await _rig.SignInAsync("c2", Secret, Site)).Identity?.Name);
    }

    [Fact]
    public async Task A_device_with_a_wrong_setting_does_not_make_those_behind_the_same_router_wait()
    {
        for (int i = 0; i < 100; i++) Assert.Equal(MqttReason.BadUserNameOrPassword, (await _rig.SignInAsync("c1", "always the same wrong one", Site)).Reason);
        Assert.Equal("c2", (await _rig.SignInAsync("c2", Secret, Site)).Identity?.Name);
    }

    [Fact]
    public async Task Who_was_in_before_comes_back_from_where_he_was_while_others_guess_at_his_name()
    {
        await _rig.SignInAsync("c1", Secret, Site);
        await GuessAsync("c1", Elsewhere, 8);
        Assert.Equal("c1", (await _rig.SignInAsync("c1", Secret, Site)).Identity?.Name);
        Assert.Equal(MqttReason.ServerBusy, (await _rig.SignInAsync("c1", Secret, "10.0.0.99")).Reason);
    }

    [Fact]
    public async Task Who_was_in_before_comes_back_while_a_neighbour_behind_the_same_router_guesses_at_others()
    {
        await _rig.SignInAsync("c1", Secret, Site);
        await GuessAsync("c2", Site, 8);
        Assert.Equal("c1", (await _rig.SignInAsync("c1", Secret, Site)).Identity?.Name);
    }

    [Fact]
    public async Task Nobody_guesses_at_a_known_password_as_fast_as_the_network_goes()
    {
        await _rig.SignInAsync("c1", Secret, Site);
        for (int i = 0; i < 200; i++) Assert.Null((await _rig.SignInAsync("c1", $"guess {i}", Site)).Identity);
        Assert.True(_rig.Count(SignInOutcome.Wrong) <= SignInThrottle.FreeFailures);
        // From the same address and under the same name nobody can be told from the guesser.
        Assert.Equal(MqttReason.ServerBusy, (await _rig.SignInAsync("c1", Secret, Site)).Reason);
    }

    [Fact]
    public async Task Five_hundred_made_passwords_may_wait_together_and_a_flood_of_dear_ones_may_not()
    {
        var seat = await _rig.Work.EnterAsync(0, CancellationToken.None);
        var cheap = Enumerable.Range(0, 500).Select(i => _rig.SignInAsync("c1", $"one {i}", $"10.1.{i / 250}.{i % 250}")).ToList();
        Assert.DoesNotContain(cheap, c => c.IsCompleted);
        _rig.SetPassword("c2", Secret, 1_000_000);
        var dear = Enumerable.Range(0, 10).Select(i => _rig.SignInAsync("c2", $"one {i}", $"10.2.0.{i}")).ToList();
        var refused = dear.Where(d => d.IsCompleted).ToList();
        Assert.InRange(refused.Count, 5, 9);
        Assert.All(await Task.WhenAll(refused), r => Assert.Equal(MqttReason.ServerBusy, r.Reason));
        Assert.Equal(refused.Count, _rig.Count(SignInOutcome.Busy));
        seat!.Dispose();
        await Task.WhenAll([.. cheap, .. dear]);
    }

    [Fact]
    public async Task Failures_stand_in_the_audit_with_their_number_and_without_what_was_typed()
    {
        await _rig.SignInAsync("c1", "wrong", Elsewhere);
        await _rig.SignInAsync("c1", "wrong", Elsewhere);
        await _rig.SignInAsync("my-password-in-the-wrong-field", "x", Elsewhere);
        var audit = await _rig.AuditAsync();
        Assert.Equal(["mqtt:c1 mqtt.refused c1: 1 from 10.0.0.66", "unknown mqtt.refused -: 1 from 10.0.0.66"], audit.Where(a => a.Contains("refused", StringComparison.Ordinal)));
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await _rig.Refusals.TellDueAsync();
        Assert.Equal("mqtt:c1 mqtt.refused c1: 1 from 10.0.0.66", (await _rig.AuditAsync())[^1]);
    }

    private async Task GuessAsync(string user, string from, int times)
    {
        for (int i = 0; i < times; i++) Assert.Null((await _rig.SignInAsync(user, $"guess {i}", from)).Identity);
    }
}
