using System.Globalization;
using Gateway.Links.Modbus;

namespace Gateway.Service.Commands;

/// <summary>What a bus has to do, for <c>gateway check</c>: a warning is no fault, the gateway runs all the same, but units will not keep their periods.</summary>
internal static class BusCheckText
{
    public static void Show(TextWriter to, ModbusBusOptions bus)
    {
        var reckoned = BusReckoning.Of(bus);
        string used = reckoned.Utilisation.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
        to.WriteLine($"bus {bus.BusId}: {bus.Units.Count} units at {bus.Baud} {bus.Framing}; a round takes {Seconds(reckoned.Usual)} s, at worst {Seconds(reckoned.Worst)} s, with one unit dead {Seconds(reckoned.OneDead)} s; {used} of bus time"
            + $" / 总线 {bus.BusId}：{bus.Units.Count} 台；轮询一圈 {Seconds(reckoned.Usual)} 秒，最慢 {Seconds(reckoned.Worst)} 秒，一台失联时 {Seconds(reckoned.OneDead)} 秒；占用 {used}");
        if (reckoned.Overload is not { } tips) return;
        to.WriteLine($"warning: bus {bus.BusId}: adding unit {tips.Address} ({tips.DeviceId}) makes the {Seconds(tips.Period)} s cycle {Seconds(tips.Cycle)} s when all answer as late as they may; take longer intervals, a higher rate, a shorter responseTimeoutMs or a second bus"
            + $" / 警告：总线 {bus.BusId} 加上站号 {tips.Address}（{tips.DeviceId}）后，{Seconds(tips.Period)} 秒的周期最慢变为 {Seconds(tips.Cycle)} 秒；请加大间隔、提高波特率、缩短 responseTimeoutMs 或分成两条总线");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture);
}
