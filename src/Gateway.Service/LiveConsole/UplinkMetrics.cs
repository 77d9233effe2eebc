using System.Text;
using Gateway.Uplink;

namespace Gateway.Service.LiveConsole;

/// <summary>The uplinks' part of <c>/metrics</c>: one sample for each target, or for each of its lanes.</summary>
internal static class UplinkMetrics
{
    public static void Render(StringBuilder text, IReadOnlyList<UplinkFigures> targets, long nowMs)
    {
        if (targets.Count == 0) return;
        EachLane("gateway_uplink_lines_total", "counter", "Lines a target answered for, by lane", l => l.LinesSent);
        EachLane("gateway_uplink_requests_total", "counter", "Batches a target took or refused, by lane", l => l.Requests);
        EachLane("gateway_uplink_failing", "gauge", "1 while a target does not take lines", l => l.State is "ok" or "idle" ? 0 : 1);
        EachLane("gateway_uplink_breaker_open", "gauge", "1 while a lane only knocks now and then", l => l.State == "open" ? 1 : 0);
        Each("gateway_uplink_sent_line", "gauge", "Frontier sent: first line of telemetry not offered live yet", f => f.Sent);
        Each("gateway_uplink_settled_line", "gauge", "Frontier settled: first line of telemetry that may have to be sent yet or again", f => f.Settled);
        Each("gateway_uplink_lag_lines", "gauge", "Lines on disk that were not offered live yet", f => f.LagLines);
        Each("gateway_uplink_lag_seconds", "gauge", "Age of the oldest line that was not offered live yet", f => f.LagSinceMs is { } since ? Math.Max(0, nowMs - since) / 1000 : 0);
        Each("gateway_uplink_backlog_lines", "gauge", "Lines left behind, sent beside live", f => f.BacklogLines);
        Each("gateway_uplink_held_lines", "gauge", "Lines answered for and not settled yet", f => f.HeldLines);
        Each("gateway_uplink_quarantine_lines", "gauge", "Lines in quarantine", f => f.Quarantined);
        Each("gateway_uplink_refused_here_total", "counter", "Lines set aside before they were sent", f => f.RefusedHere);
        Each("gateway_uplink_texts_dropped_total", "counter", "Text fields left out for a target that would make them 0", f => f.TextsDropped);
        Each("gateway_uplink_restarts_total", "counter", "Restarts of the target seen", f => f.Restarts);
        Each("gateway_uplink_sent_again_total", "counter", "Lines sent again because the target had restarted", f => f.LinesAgain);
        Each("gateway_uplink_start_readable", "gauge", "0: nothing but the hold time tells that the target still has what it answered for", f => f.StartReadable ? 1 : 0);
        Each("gateway_uplink_audited_hours_total", "counter", "Hours read back that agreed", f => f.ReadBack?.HoursAgreed ?? 0);
        Each("gateway_uplink_audit_missing_hours_total", "counter", "Hours read back with fewer points than settled", f => f.ReadBack?.HoursMissing ?? 0);
        Each("gateway_uplink_audit_missing_points_total", "counter", "Points that were settled and not found", f => f.ReadBack?.PointsMissing ?? 0);
        Each("gateway_uplink_audit_more_points_total", "counter", "Points found beyond what was settled", f => f.ReadBack?.PointsMore ?? 0);
        Each("gateway_uplink_audit_unable", "gauge", "1 while the target cannot be read back", f => f.ReadBack?.Unable is null ? 0 : 1);

        void Each(string name, string type, string help, Func<UplinkFigures, long> value)
        {
            MetricsPage.Family(text, name, type, help);
            foreach (var f in targets) MetricsPage.Sample(text, name, $"target=\"{f.Target}\"", value(f));
        }

        void EachLane(string name, string type, string help, Func<LaneFigures, long> value)
        {
            MetricsPage.Family(text, name, type, help);
            foreach (var f in targets)
                foreach (var lane in f.Lanes) MetricsPage.Sample(text, name, $"target=\"{f.Target}\",lane=\"{lane.Lane}\"", value(lane));
        }
    }
}
