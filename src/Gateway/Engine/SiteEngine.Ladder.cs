using Gateway.Domain.Presence;
using Gateway.Domain.Presence.Checks;
using Gateway.Domain.Readings;
using Gateway.Engine.Views;

namespace Gateway.Engine;

/// <summary>The five rungs of a device's ladder as they are shown, lowest first.</summary>
public sealed partial class SiteEngine
{
    private static RungView[] LadderOf(DeviceState state, long nowMs)
    {
        var (presence, checks) = (state.Presence, state.Checks);
        bool answering = state.LastMessageMs > 0 && nowMs - state.LastMessageMs < state.Device.OfflineAfterMs;
        bool knowable = presence.State != PresenceState.Unknown;
        bool? whenMute = knowable ? false : null;
        return
        [
            new RungView("link", state.LinkUp, TimeOrNull(state.LinkSinceMs), state.LinkLosses),
            new RungView("answering", answering ? true : whenMute, TimeOrNull(state.LastMessageMs), state.AnswerGaps + (state.LastMessageMs > 0 && !answering ? 1 : 0)),
            new RungView("fresh", presence.Fresh ? true : whenMute, TimeOrNull(presence.LastLifeMs), presence.Losses),
            Rung("plausible", state, checks.Plausible, checks.Implausible ?? Newest(checks), checks.Watches.Where(w => !w.Spec.Suspect).Sum(w => w.Failures)),
            new RungView("clock", While(presence, checks.ClockSane), TimeOrNull(checks.ClockSinceMs), checks.Clock.Failures, checks.ClockSane == false ? DetailOf(state, checks.Clock) : null),
        ];
    }

    private static RungView Rung(string rung, DeviceState state, bool? ok, CheckWatch? watch, int failures) =>
        new(rung, While(state.Presence, ok), TimeOrNull(watch?.SinceMs ?? 0), failures, ok == false ? DetailOf(state, watch!) : null);

    /// <summary>What passed its checks passed them while it spoke; a device that is silent now is not known to be good. A failure stands.</summary>
    private static bool? While(DevicePresence presence, bool? ok) => ok == true && !presence.Fresh ? null : ok;

    private static CheckWatch? Newest(DeviceChecks checks) => checks.Watches.Where(w => w is { Judged: true, Spec.Suspect: false }).MaxBy(w => w.SinceMs);

    private static CheckView DetailOf(DeviceState state, CheckWatch watch) =>
        new(CheckKinds.WordOf(watch.Spec.Kind), FieldOf(state, watch), Finite(watch.Seen), watch.Limit, watch.Spec.Title, watch.Spec.Advice);
}
