using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Engine.Views;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What the lifecycle log does to the live picture: c1 and c2 are the safety devices.</summary>
public sealed class LifecycleTests
{
    private const long Hour = 3_600_000;

    private static readonly long Ten = TestSite.Ten;

    private readonly EngineRun _run = new(Ten);

    [Fact]
    public void A_suspended_device_is_not_required_its_silence_is_no_alarm_and_both_are_over_when_it_expires()
    {
        Enter(Suspended(Ten, Ten + Hour));
        _run.Pass(300);

        Assert.Null(_run.Open("c1", "device-silent"));
        Assert.Equal((0, 1), Share());
        Assert.Equal(new LifecycleView("suspended", "repair", DateTimeOffset.FromUnixTimeMilliseconds(Ten + Hour), "F-1"), ViewOf("c1").Lifecycle);

        _run.Pass(3_400);

        Assert.NotNull(_run.Open("c1", "device-silent"));
        Assert.Equal((0, 2), Share());
        Assert.Equal("in-service", ViewOf("c1").Lifecycle!.State);
    }

    [Fact]
    public void An_alarm_of_silence_that_stands_is_over_when_the_device_is_suspended()
    {
        _run.Pass(300);
        Assert.True(_run.Open("c1", "device-silent")!.Standing);

        Enter(Suspended(_run.NowMs, _run.NowMs + Hour));

        Assert.False(_run.Open("c1", "device-silent")!.Standing);
        Assert.True(_run.Open("c2", "device-silent")!.Standing);
    }

    [Fact]
    public void A_suspension_entered_late_excuses_the_time_since_its_effect()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Pass(2 * 3600, tickMs: 5_000);
        var before = ViewOf("c1").Presence;

        Enter(Suspended(Ten + Hour, Ten + 3 * Hour));

        var after = ViewOf("c1").Presence;
        Assert.Equal(before.OnlineTodayMs, after.OnlineTodayMs);
        // Since midnight nobody watched before ten: by the reports' arithmetic that is unknown, and required.
        Assert.Equal(11 * Hour, after.RequiredTodayMs);
    }

    [Fact]
    public void A_device_dismantled_at_noon_is_not_in_service_from_then_on()
    {
        Enter(Entry(LifecycleKind.Dismantled, Ten + 2 * Hour));
        _run.Pass(2 * 3600 - 1, tickMs: 1_000);
        Assert.Equal(2, Share().Required);

        _run.Pass(2);

        Assert.Equal((PresenceState.NotInService, ""), _run.PresenceOf("c1"));
        Assert.Equal(("dismantled", 1), (ViewOf("c1").Lifecycle!.State, Share().Required));
        Assert.Equal(12 * Hour, ViewOf("c1").Presence.RequiredTodayMs);
    }

    [Fact]
    public void A_suspended_device_is_measured_on()
    {
        Enter(Suspended(Ten, Ten + Hour));
        _run.Measure("c1", "load_t", 1);

        Assert.Equal(PresenceState.Online, _run.PresenceOf("c1").State);
    }

    private static LifecycleEntry Entry(LifecycleKind kind, long effectiveMs) => new(7, "c1", kind, effectiveMs, null, null, "lin", null, "F-1", null, null, null, Ten);

    private static LifecycleEntry Suspended(long fromMs, long untilMs) => Entry(LifecycleKind.Suspended, fromMs) with { UntilMs = untilMs, Reason = SuspensionReason.Repair, Approver = "wang" };

    private void Enter(LifecycleEntry entry) => _run.Do(e => e.TakeLifecycle([entry], [.. _run.Closed], _run.NowMs));

    private SiteView View() => _run.Engine.View(_run.NowMs, 0, _ => 0);

    private DeviceView ViewOf(string device) => View().Devices.First(d => d.Id == device);

    private (long Online, long Required) Share() => (View().Compliance.Devices.Numerator, View().Compliance.Devices.Denominator);
}
