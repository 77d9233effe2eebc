using System.Text;
using Gateway.Links.Modbus;

namespace Gateway.Service.LiveConsole;

/// <summary>Figures of the Modbus buses.</summary>
internal static class BusMetrics
{
    public static void Write(StringBuilder text, IReadOnlyList<BusStatus> buses)
    {
        if (buses.Count == 0) return;
        Each(text, "gateway_bus_open", "gauge", "1 while the port or converter is open", buses, bus => bus.Open ? 1 : 0);
        Each(text, "gateway_bus_utilisation", "gauge", "Part of the last minute with a request under way", buses, bus => bus.Utilisation);
        Each(text, "gateway_bus_requests_total", "counter", "Requests sent", buses, bus => bus.Requests);
        Each(text, "gateway_bus_replies_total", "counter", "Requests answered with data", buses, bus => bus.Replies);
        Each(text, "gateway_bus_echoes_total", "counter", "Our own requests heard again", buses, bus => bus.Echoes);
        MetricsPage.Family(text, "gateway_bus_unit_suspicion", "gauge", "1 while an address seems to be there twice or to speak unasked");
        foreach (var bus in buses)
            foreach (var unit in bus.Units.Where(u => u.Suspicion is not null))
                MetricsPage.Sample(text, "gateway_bus_unit_suspicion", $"bus=\"{bus.Id}\",device=\"{unit.Id}\",suspicion=\"{unit.Suspicion}\"", 1);
    }

    private static void Each(StringBuilder text, string name, string type, string help, IReadOnlyList<BusStatus> buses, Func<BusStatus, double> value)
    {
        MetricsPage.Family(text, name, type, help);
        foreach (var bus in buses) MetricsPage.Sample(text, name, $"bus=\"{bus.Id}\"", value(bus));
    }
}
