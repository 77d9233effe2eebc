using System.Text;
using Gateway.Diagnostics.Clock;

namespace Gateway.Service.LiveConsole;

/// <summary>How the gateway's own clock stands, as Prometheus text.</summary>
internal static class ClockMetrics
{
    public static void Write(StringBuilder text, ClockStanding clock)
    {
        if (clock.State != ClockState.Unknown) Gauge("gateway_clock_synchronised", "1 while the kernel says that the clock is synchronised", clock.State == ClockState.Synchronised ? 1 : 0);
        Gauge("gateway_clock_sane", "1 while the clock can be believed, and may be given to devices", clock.Sane ? 1 : 0);
        Gauge("gateway_clock_rtc", "1 where there is a hardware clock that can be read", clock.Rtc ? 1 : 0);
        if (clock.EstimatedErrorMs is { } estimated) Gauge("gateway_clock_estimated_error_ms", "Error of the clock by the kernel's estimate", estimated);
        if (clock.MaxErrorMs is { } most) Gauge("gateway_clock_max_error_ms", "Error of the clock by the kernel's bound", most);
        MetricsPage.Family(text, "gateway_clock_steps_total", "counter", "Steps of the wall clock by more than 2 s since the start");
        MetricsPage.Sample(text, "gateway_clock_steps_total", "", clock.Steps);

        void Gauge(string name, string help, double value)
        {
            MetricsPage.Family(text, name, "gauge", help);
            MetricsPage.Sample(text, name, "", value);
        }
    }
}
