using System.CommandLine;
using System.Globalization;
using Gateway.Access;
using Gateway.Domain.Configuration;
using Gateway.Links.Modbus;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Api;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway bus list</c>: the wires of a running gateway and who is on them.</summary>
internal static class BusListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Show buses, loggers and boxes of the running gateway / 显示总线、数采仪与黑匣子") { ConfigOption.Option };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        if (problems.Any) return CheckCommand.Report(problems);
        try
        {
            using var console = await ConsoleEntry.OpenAsync(configuration, Role.Viewer, stop);
            Show((await console.GetFromJsonAsync("/api/v1/buses", ApiJson.Default.BusesDto, stop))!);
            return 0;
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    private static void Show(BusesDto all)
    {
        foreach (var bus in all.Buses)
        {
            Line($"{bus.Id}  {bus.Protocol} {bus.Where} {bus.Baud} {bus.Framing}  {(bus.Open ? "open / 已打开" : $"lost / 断开: {bus.LastError}")}  use / 占用 {bus.Utilisation:P0}  cycle / 轮询 {bus.CycleMs:F0} ms  {bus.Replies}/{bus.Requests}");
            foreach (var unit in bus.Units) Line($"    {unit.Address,3}  {unit.Id,-20} {unit.State,-9} {Age(unit.LastAnswerAgeMs),9}  {unit.Replies}/{unit.Requests}{Faults(unit)}");
            if (bus.Strangers.Count > 0) Line($"    strangers / 未登记站号: {string.Join(", ", bus.Strangers)}");
        }
        foreach (var logger in all.Loggers) Line($"{logger.Device}  hj212 {logger.Mn}  {logger.Peer ?? "away / 离线"}  {Age(logger.LastFrameAgeMs)}  {Counts(logger.Counts)}{(logger.Recall.Count > 0 ? $"  recall / 补传: {logger.Recall.Count}" : "")}");
        foreach (var box in all.Boxes) Line($"{box.DeviceId}  {box.Protocol} {box.Station} ({box.Version})  {box.Peer}  {Age(box.LastFrameAgeMs)}  {Counts(box.Counters)}");
        foreach (var ring in all.Rings) Line($"{ring.Id}  {ring.Protocol}  {ring.Frames} frames / 帧  {Counts(ring.Verdicts)}");
    }

    private static string Faults(UnitStatus unit) => (unit.Failures.Count > 0 ? $"  {Counts(unit.Failures)}" : "") + (unit.Suspicion is { } suspicion ? $"  ! {suspicion}" : "");

    private static string Counts(IReadOnlyDictionary<string, long> counts) => string.Join(", ", counts.Where(c => c.Value > 0).Select(c => $"{c.Key} {c.Value}"));

    private static string Age(long? ms) => ms is { } age ? string.Create(CultureInfo.InvariantCulture, $"{age / 1000.0:F1} s") : "–";

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
