using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Links.Modbus.Scan;
using Gateway.Links.Serial;
using Gateway.Service.Composition;

namespace Gateway.Service.Commands;

/// <summary><c>gateway bus scan PORT</c>: rate, framing, addresses and likely profiles of whoever is on a port; says first how long it may take, and who holds the port when it is held.</summary>
internal static class BusScanCommand
{
    private const int Interrupted = 130;
    private const int UnitMax = 247;

    private static readonly Argument<string> Port = new("port") { Description = "Port, best below /dev/serial/by-id / 串口，最好用 /dev/serial/by-id 下的名字" };

    private static readonly Option<string> Rates = new("--rates") { Description = "Rates to try, with commas / 要试的波特率", DefaultValueFactory = _ => string.Join(',', BusScanOptions.UsualRates) };

    private static readonly Option<string> Framings = new("--framings") { Description = "Framings to try, with commas / 要试的帧格式", DefaultValueFactory = _ => string.Join(',', BusScanOptions.UsualFramings) };

    private static readonly Option<string> Units = new("--units") { Description = "Addresses, as 1-32 or 1,3,7-9 / 站号范围", DefaultValueFactory = _ => "1-32" };

    private static readonly Option<int> TimeoutMs = new("--timeout-ms") { Description = "How long a unit may take to answer, 10 to 5000 / 应答超时，毫秒", DefaultValueFactory = _ => 120 };

    private static readonly Option<int> ListenMs = new("--listen-ms") { Description = "How long to listen before asking, 0 to 600000 / 先旁听多久，毫秒", DefaultValueFactory = _ => 3_000 };

    private static readonly Option<bool> All = new("--all") { Description = "Go on after the first setting with an answer / 找到后继续试其余设置" };

    private static readonly Option<bool> Json = new("--json") { Description = "For programs / 输出 JSON" };

    public static Command Create()
    {
        var command = new Command("scan", "Find out what is on a serial port / 查找串口上的设备") { Port, Rates, Framings, Units, TimeoutMs, ListenMs, All, Json, ConfigOption.Option };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var problems = new Problems();
        var options = Read(parsed, problems);
        string file = parsed.GetRequiredValue(ConfigOption.Option);
        var profiles = SiteModel.LoadProfiles(File.Exists(file) ? GatewayConfiguration.Load(file, problems) : null, problems);
        if (problems.Any) return CheckCommand.Report(problems);

        using var stop = new StopSignal();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => End(s, stop));
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => End(s, stop));
        var spoken = new BusScanText(Console.Error);
        spoken.Begin(options);
        var result = new BusScanner(options, profiles.All, new GatewayClock(TimeProvider.System), stop, spoken).Run();
        if (parsed.GetValue(Json)) Console.WriteLine(JsonSerializer.Serialize(result, BusScanJson.Default.BusScanResult));
        else BusScanText.Show(Console.Out, result);
        return result.Stopped ? Interrupted : result.Fault is null ? 0 : 1;
    }

    private static void End(PosixSignalContext signal, StopSignal stop)
    {
        signal.Cancel = true;
        stop.Set();
    }

    private static BusScanOptions Read(ParseResult parsed, Problems problems)
    {
        var framings = new List<SerialFraming>();
        foreach (string text in Parts(parsed.GetRequiredValue(Framings)))
            if (SerialFraming.TryParse(text, out var framing) && framing.DataBits == 8) framings.Add(framing);
            else problems.Add("--framings", "", $"expected framings of eight data bits as 8N1 or 8E1, saw \"{text}\"");
        var rates = Parts(parsed.GetRequiredValue(Rates)).Select(text => Number("--rates", text, 300, 4_000_000, problems)).ToList();
        var units = Parts(parsed.GetRequiredValue(Units)).SelectMany(text => Range(text, problems)).Distinct().ToList();
        if (rates.Count == 0) problems.Add("--rates", "", "expected at least one rate");
        if (framings.Count == 0) problems.Add("--framings", "", "expected at least one framing");
        if (units.Count == 0) problems.Add("--units", "", "expected at least one address");
        int timeout = Within("--timeout-ms", parsed.GetValue(TimeoutMs), 10, 5_000, problems), listen = Within("--listen-ms", parsed.GetValue(ListenMs), 0, 600_000, problems);
        return new BusScanOptions(parsed.GetRequiredValue(Port), rates, framings, units, TimeSpan.FromMilliseconds(timeout), TimeSpan.FromMilliseconds(listen), parsed.GetValue(All));
    }

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<byte> Range(string text, Problems problems)
    {
        string[] ends = text.Split('-');
        int from = Number("--units", ends[0], 1, UnitMax, problems), to = ends.Length == 2 ? Number("--units", ends[1], from, UnitMax, problems) : from;
        if (ends.Length > 2) problems.Add("--units", "", $"expected addresses as 1-32, saw \"{text}\"");
        return Enumerable.Range(from, Math.Max(0, to - from + 1)).Select(unit => (byte)unit);
    }

    private static int Number(string option, string text, int min, int max, Problems problems)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return Within(option, number, min, max, problems);
        problems.Add(option, "", $"expected a whole number, saw \"{text}\"");
        return min;
    }

    private static int Within(string option, int number, int min, int max, Problems problems)
    {
        if (number < min || number > max) problems.Add(option, "", $"expected {min} to {max}, saw {number}");
        return Math.Clamp(number, min, max);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BusScanResult))]
internal sealed partial class BusScanJson : JsonSerializerContext;
