using FirmwareSim.Devices;

namespace FirmwareSim.Tests.Devices;

public sealed class EffectTests
{
    private readonly HandClock _clock = new();
    private readonly EffectSet _effects;

    public EffectTests() => _effects = new EffectSet(_clock);

    [Fact]
    public void An_effect_with_seconds_ends_by_itself()
    {
        _effects.Start(EffectKind.Silence, TimeSpan.FromSeconds(30));
        _clock.Advance(29.9);
        Assert.False(_effects.IsSpeaking);
        _clock.Advance(0.1);
        Assert.True(_effects.IsSpeaking);
        Assert.Empty(_effects.List());
    }

    [Fact]
    public void An_effect_without_seconds_stays_until_it_is_cleared()
    {
        _effects.Start(EffectKind.Kill);
        _clock.Advance(1_000_000);
        Assert.Equal(LinkWish.Reset, _effects.LinkWish);
        _effects.Clear();
        Assert.Equal(LinkWish.Stay, _effects.LinkWish);
    }

    [Fact]
    public void Starting_an_effect_again_starts_its_time_anew()
    {
        _effects.Start(EffectKind.Freeze, TimeSpan.FromSeconds(10));
        _clock.Advance(8);
        _effects.Start(EffectKind.Freeze, TimeSpan.FromSeconds(10));
        _clock.Advance(8);
        Assert.Equal([EffectKind.Freeze], _effects.List());
    }

    [Fact]
    public void Flapping_is_silent_for_12_seconds_then_alive_for_5_and_again()
    {
        _effects.Start(EffectKind.Flap);
        var spoken = new List<bool>();
        for (int second = 0; second < 34; second++)
        {
            spoken.Add(_effects.IsSpeaking);
            _clock.Advance(1);
        }
        List<bool> period = [.. Enumerable.Repeat(false, 12), .. Enumerable.Repeat(true, 5)];
        Assert.Equal([.. period, .. period], spoken);
    }

    [Fact]
    public void A_power_cut_resets_the_link_even_when_a_disconnect_is_in_force_too()
    {
        _effects.Start(EffectKind.Disconnect);
        Assert.Equal(LinkWish.Leave, _effects.LinkWish);
        _effects.Start(EffectKind.PowerCut);
        Assert.Equal(LinkWish.Reset, _effects.LinkWish);
        Assert.False(_effects.IsSpeaking);
    }

    [Fact]
    public void Every_third_frame_is_torn_while_the_effect_lasts()
    {
        var device = new Device("crane-1", DeviceKind.Crane, LinkKind.Mqtt, _clock);
        Assert.DoesNotContain(true, Enumerable.Range(0, 10).Select(_ => device.TearsNextFrame()));
        device.Effects.Start(EffectKind.Torn);
        Assert.Equal([false, false, true, false, false, true], Enumerable.Range(0, 6).Select(_ => device.TearsNextFrame()));
    }
}
