using System.Globalization;
using Gateway.Links.Modbus.Scan;

namespace Gateway.Service.Commands;

/// <summary>A scan in words: progress while it runs, then what was found.</summary>
internal sealed class BusScanText(TextWriter progress) : IBusScanProgress
{
    private const int CandidatesMax = 3;

    private static readonly Dictionary<string, string> Protocols = new(StringComparer.Ordinal)
    {
        ["hj212"] = "HJ 212", ["goyo"] = "GOYO black box / 黑匣子", ["tx101"] = "TX101 black box / 黑匣子", ["modbus"] = "Modbus, another master asks / 另有主站在轮询",
        ["unknown"] = "bytes of no known protocol / 未知协议",
    };

    public void Begin(BusScanOptions options) => progress.WriteLine(
        $"{options.Port}: {options.Settings.Count()} settings × {options.Units.Count} addresses, at most {Seconds(options.Longest)} s; Ctrl-C ends it / 最长 {Seconds(options.Longest)} 秒，Ctrl-C 结束");

    public void Listening(int baud, string framing, TimeSpan length) => progress.WriteLine($"{baud} {framing}: listening {Seconds(length)} s / 旁听 {Seconds(length)} 秒");

    public void Trying(int baud, string framing, TimeSpan rest) => progress.WriteLine($"{baud} {framing}: asking, at most {Seconds(rest)} s more / 查询中，最多还需 {Seconds(rest)} 秒");

    public void Found(FoundUnit unit) => progress.WriteLine($"{unit.Baud} {unit.Framing}: unit {unit.Address} answers / 站号 {unit.Address} 有应答");

    public static void Show(TextWriter to, BusScanResult result)
    {
        if (result.Fault is { } fault) to.WriteLine(fault);
        foreach (var talker in result.Talkers) to.WriteLine($"{talker.Baud} {talker.Framing}\tspeaks by itself / 主动上报: {Protocols[talker.Protocol]} ({talker.Bytes} bytes)");
        if (result.Talkers.Any(t => t.Protocol != "unknown")) to.WriteLine("nobody was asked, so as not to talk over it / 为避免干扰，未发查询");
        foreach (var unit in result.Units) Show(to, unit);
        foreach (string setting in result.Damaged) to.WriteLine($"{setting}\tanswers that cannot be read: rate or framing is near, an address is there twice, or A and B are swapped / 应答无法识别");
        if (result is { Fault: null, Units.Count: 0, Talkers.Count: 0, Stopped: false }) to.WriteLine("nobody answers: supply, A and B, terminators, other addresses (--units 1-247) / 无应答：查电源、A/B 线、终端电阻，或扩大站号范围");
        if (result.Stopped) to.WriteLine("ended before it was through / 已中断");
    }

    private static void Show(TextWriter to, FoundUnit unit)
    {
        to.WriteLine($"{unit.Baud} {unit.Framing}\tunit {unit.Address}\tFC{unit.Function:00} {unit.Answer}{(unit.Profiles.Count == 0 ? "\tno known profile / 无匹配模板" : "")}");
        foreach (var candidate in unit.Profiles.Take(CandidatesMax))
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\t{candidate.Profile} {candidate.Confidence:0.00}\t{string.Join(", ", candidate.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key}={v.Value}")))}"));
    }

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
}
