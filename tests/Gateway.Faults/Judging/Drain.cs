using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Judging;

/// <summary>Nothing waits, nothing is held: every line was settled, and the frontiers of <c>/metrics</c> say the same.</summary>
internal static class Drain
{
    private const string Target = "{target=\"sink\"}";

    public static Task WaitAsync(GatewayUnderTest gateway, TimeSpan limit) => Eventually.GetAsync("the uplink is drained and the frontiers agree", limit, () => Metrics.ReadAsync(gateway), IsDrained, Say);

    private static bool IsDrained(Metrics m) =>
        m["gateway_lines_committed"] == m["gateway_lines_settled"] && Of(m, "settled_line") == m["gateway_lines_committed"] && Of(m, "sent_line") == m["gateway_lines_committed"]
        && Of(m, "lag_lines") == 0 && Of(m, "backlog_lines") == 0 && Of(m, "held_lines") == 0 && m["gateway_store_refusing"] == 0;

    private static string Say(Metrics m) => $"committed {m["gateway_lines_committed"]}, settled {m["gateway_lines_settled"]}, sent {Of(m, "sent_line")}, lag {Of(m, "lag_lines")}, "
        + $"backlog {Of(m, "backlog_lines")}, held {Of(m, "held_lines")}, refusing {m["gateway_store_refusing"]}";

    private static double Of(Metrics m, string name) => m[$"gateway_uplink_{name}{Target}"];
}
