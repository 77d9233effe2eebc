using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine.Views;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>The upper rungs with the checks of the built-in crane profile, every message 2 s after the one before.</summary>
public sealed class SiteEngineChecksTests
{
    private readonly EngineRun _run = new(TestSite.Ten);
    private long _seq;

    [Fact]
    public void A_frozen_crane_is_offline_under_an_alarm_of_its_own_and_online_again_once_it_has_moved_long_enough()
    {
        Say(606, moving: false);
        Assert.Equal((PresenceState.Offline, "frozen"), _run.PresenceOf("c1"));
        var alarm = _run.Open("c1", "device-frozen")!;
        Assert.Equal((AlarmState.Unacked, 600.0, "wind_mps"), (alarm.State, alarm.Limit, alarm.Cause));
        Assert.Null(_run.Open("c1", "device-silent"));
        var rung = Rung("plausible");
        Assert.Equal((false, 1, "frozen", 600.0), (rung.Ok, rung.Failures, rung.Detail!.Check, rung.Detail.Limit));
        Assert.Equal(true, Rung("fresh").Ok);

        Say(10, moving: true);
        Assert.Equal((PresenceState.Offline, "frozen"), _run.PresenceOf("c1"));
        Say(2, moving: true);
        Assert.Equal(PresenceState.Online, _run.PresenceOf("c1").State);
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open("c1", "device-frozen")!.State);
        Assert.Equal((true, null), (Rung("plausible").Ok, Rung("plausible").Detail));
        Assert.Equal(_run.NowMs - alarm.RaisedAtMs, _run.Total("c1", PresenceState.Offline, "frozen"));
    }

    [Fact]
    public void Silence_neither_clears_the_alarm_of_a_check_nor_does_the_first_word_after_it()
    {
        Say(606, moving: false);
        _run.Pass(120);
        Assert.Equal((PresenceState.Offline, "silent"), _run.PresenceOf("c1"));
        Assert.True(_run.Open("c1", "device-silent")!.Standing && _run.Open("c1", "device-frozen")!.Standing);

        Say(2, moving: false);
        Assert.Equal((PresenceState.Offline, "frozen"), _run.PresenceOf("c1"));
        Assert.True(_run.Open("c1", "device-frozen")!.Standing);
        Assert.False(_run.Open("c1", "device-silent")!.Standing);
    }

    [Fact]
    public void What_is_retained_replayed_or_told_later_is_never_judged()
    {
        Say(20, moving: true);
        foreach (var flags in (ReadingFlags[])[ReadingFlags.Retained, ReadingFlags.Replayed, ReadingFlags.Backfill])
            for (int i = 0; i < 20; i++)
            {
                Say(2, moving: true);
                Message(flags, [Of("load_t", 500, SampleQuality.OutOfRange), Of("height_m", 20 * (i % 2)), Of("alarm_bits", 1 << 30)], skewMs: -7_200_000);
            }
        Assert.Equal(PresenceState.Online, _run.PresenceOf("c1").State);
        Assert.DoesNotContain(_run.Steps, a => a.Subject.Id == "c1");
    }

    [Fact]
    public void A_broken_sensor_a_value_out_of_range_and_a_jumping_one_have_alarms_of_their_own()
    {
        Say(20, moving: true);
        for (int i = 0; i < 3; i++) Message(0, [Of("load_t", double.PositiveInfinity, SampleQuality.OutOfRange), Of("height_m", 100 * (i % 2)), Of("alarm_bits", 1 << 30)], 0);
        Assert.Equal((PresenceState.Offline, "self-test"), _run.PresenceOf("c1"));
        Assert.All((string[])["device-self-test", "device-range"], r => Assert.True(_run.Open("c1", r)!.Standing));
        Assert.Null(_run.Open("c1", "device-range")!.Value);
        Message(0, [Of("height_m", 100)], 0);
        Assert.Equal((50.0, 4.0), (_run.Open("c1", "device-rate")!.Value, _run.Open("c1", "device-rate")!.Limit));
    }

    [Fact]
    public void A_wrong_clock_is_its_own_rung_and_alarm_and_none_is_judged_while_ours_is_wrong()
    {
        for (int i = 0; i < 3; i++) Say(2, moving: true, skewMs: 120_000);
        Assert.Equal((PresenceState.Offline, "device-clock"), _run.PresenceOf("c1"));
        Assert.Equal((AlarmState.Unacked, 120.0, 60.0), (_run.Open("c1", "device-clock")!.State, _run.Open("c1", "device-clock")!.Value, _run.Open("c1", "device-clock")!.Limit));
        Assert.Equal((false, "clock"), (Rung("clock").Ok, Rung("clock").Detail!.Check));
        Say(14, moving: true);
        Assert.Equal(PresenceState.Online, _run.PresenceOf("c1").State);

        _run.Do(e => e.GatewayClock(false, _run.NowMs));
        Say(60, moving: true, skewMs: 120_000);
        Assert.Equal((PresenceState.Online, (bool?)null), (_run.PresenceOf("c1").State, Rung("clock").Ok));
        _run.Do(e => e.GatewayClock(true, _run.NowMs));
        Say(10, moving: true, skewMs: 120_000);
        Assert.Equal((PresenceState.Offline, "device-clock"), _run.PresenceOf("c1"));
    }

    [Fact]
    public void A_device_without_a_clock_of_its_own_is_online_on_a_rung_that_does_not_apply()
    {
        _run.Measure("w1", "wind_mps", 3);
        Assert.Equal(PresenceState.Online, _run.PresenceOf("w1").State);
        Assert.Null(Rung("clock", "w1").Ok);
        Assert.Equal(["link", "answering", "fresh", "plausible", "clock"], _run.Engine.PresenceOf(0, _run.NowMs).Ladder.Select(r => r.Rung));
    }

    [Fact]
    public void A_suspicion_is_an_alarm_and_touches_no_state_and_a_restart_does_not_clear_it()
    {
        // Nothing is known of the wind: then standing still is no fault.
        for (int i = 0; i < 62; i++) Message(0, [Of("load_t", 2)], 0, stepMs: 10_000);
        Assert.Equal(PresenceState.Online, _run.PresenceOf("c1").State);
        Assert.True(_run.Open("c1", "device-regular")!.Standing);

        _run.Restart(5);
        Say(4, moving: true);
        Assert.True(_run.Open("c1", "device-regular")!.Standing);
        Say(10, moving: true);
        Assert.False(_run.Open("c1", "device-regular")!.Standing);
    }

    [Fact]
    public void After_a_restart_the_interval_is_unknown_and_the_check_starts_anew()
    {
        Say(700, moving: false);
        _run.Restart(60);
        Assert.Equal((PresenceState.Unknown, "gateway"), _run.PresenceOf("c1"));
        Say(500, moving: false);
        Assert.Equal(PresenceState.Online, _run.PresenceOf("c1").State);
        Say(110, moving: false);
        Assert.Equal((PresenceState.Offline, "frozen"), _run.PresenceOf("c1"));
    }

    [Fact]
    public void A_lost_connection_and_a_silence_are_counted_on_their_rungs()
    {
        Say(4, moving: true);
        _run.Do(e => e.LinkChanged(0, up: true, _run.NowMs));
        for (int i = 0; i < 2; i++)
        {
            _run.Do(e => e.LinkChanged(0, up: false, _run.NowMs));
            _run.Do(e => e.LinkChanged(0, up: true, _run.NowMs));
            _run.Pass(100);
            Say(2, moving: true);
        }
        var ladder = _run.Engine.PresenceOf(0, _run.NowMs).Ladder;
        Assert.Equal([2, 2, 2], ladder.Take(3).Select(r => r.Failures));
        Assert.Equal(2, _run.Engine.PresenceOf(0, _run.NowMs).FlapsLastHour);
    }

    private RungView Rung(string rung, string device = "c1") => _run.Engine.PresenceOf(_run.Site.IndexOf(device), _run.NowMs).Ladder.Single(r => r.Rung == rung);

    private Sample Of(string field, double value, SampleQuality quality = SampleQuality.Good) => _run.Site.Sample("c1", field, value, quality);

    /// <summary>Messages for so many seconds, one after every 2 s.</summary>
    private void Say(double seconds, bool moving, long skewMs = 0)
    {
        for (long until = _run.NowMs + (long)(seconds * 1000); _run.NowMs < until;)
        {
            // Real intervals are uneven.
            Message(0, [Of("load_t", moving ? 2 + _seq % 3 : 2), Of("height_m", 30), Of("wind_mps", moving ? 3 + _seq % 2 : 3), Of("tilt_deg", 0.1)], skewMs, 2_000 + 5 * (int)(_seq % 2));
        }
    }

    private void Message(ReadingFlags flags, Sample[] samples, long skewMs, int stepMs = 2_000)
    {
        _seq++;
        _run.Pass(stepMs / 1000.0, tickMs: 500);
        _run.Do(e => e.Read(new Reading { Device = 0, Kind = ReadingKind.Measurement, Flags = flags, MeasuredAtMs = _run.NowMs + skewMs, ReceivedAtMs = _run.NowMs, PointAtUs = _run.NowMs * 1000 }, samples));
    }
}
