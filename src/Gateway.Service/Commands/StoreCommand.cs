using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Bureau;
using Gateway.Domain.Configuration;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway store</c>: frontiers, lanes, ages, sizes. Reads only, also while the gateway runs.</summary>
internal static class StoreCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "For programs / 输出 JSON" };

    public static Command Create()
    {
        var command = new Command("store", "Show what the store holds / 显示存储状态") { Json, ConfigOption.Option };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        if (problems.Any) return CheckCommand.Report(problems);
        try
        {
            var survey = StoreSurvey.Take(configuration.Store, [.. configuration.Uplink.Targets.Select(t => t.Name), .. configuration.Bureau.Select(b => BureauOptions.TargetOf(b.Name))], TimeProvider.System.GetUtcNow());
            if (parsed.GetValue(Json)) Console.WriteLine(JsonSerializer.Serialize(survey, StoreJson.Default.StoreSurvey));
            else Show(survey);
            return 0;
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    private static void Show(StoreSurvey s)
    {
        var (t, wal) = (s.Telemetry, s.Files.FirstOrDefault(f => f.Name == TelemetryStore.Name));
        Line("目录 / folder", s.Directory);
        Line("已提交 / committed", $"{Count(s.Committed)} lines");
        Line("已判定 / judged", $"{Count(s.Judged)} lines");
        Line("遥测 / telemetry", $"{Count(t.Lines)} lines, {Size(t.Bytes)}{(t.Lines == 0 ? "" : $" ({(double)t.Bytes / t.Lines:0.0} B/line)")}, oldest {Age(t.OldestSeconds)}");
        Line("已压缩 / compressed", $"{(t.Lines == 0 ? 0 : 100.0 * t.CompressedLines / t.Lines):0.0} %, {Size(t.CompressedBytes)}");
        Line("预算 / budget", $"{Size((wal?.Bytes ?? 0) + (wal?.WalBytes ?? 0) - (wal?.FreeBytes ?? 0))} of {Size(s.BudgetBytes)}");
        Line("已放弃 / given up", $"{Count(t.Dropped)} lines; gaps {s.Gaps.Rows} ({Count(s.Gaps.Lines)} lines)");
        Line("报警通道 / lane one", $"{Count(s.LaneOne.Lines)} lines, {Size(s.LaneOne.Bytes)}");
        foreach (var target in s.Targets)
            Line($"目标 / target {target.Name}", $"sent {Count(target.Sent)}, settled {Count(target.Settled)}, behind {Count(target.LagLines)} lines ({Age(target.LagSeconds)}), alarms waiting {Count(target.AlarmLines)}");
        foreach (var file in s.Files) Line($"文件 / file {file.Name}", $"v{file.SchemaVersion}, {Size(file.Bytes)}, WAL {Size(file.WalBytes)}, free within {Size(file.FreeBytes)}");
        Line("磁盘剩余 / disk free", $"{Size(s.FreeBytes)} (at least {Size(s.FreeBytesMin)}), reserve {(s.ReserveHeld ? "held / 有" : "given up / 已用")}");
        Line("隔离行 / quarantine", Count(s.Quarantined));
        Line("日志链 / journal", $"{Count(s.JournalSeq)} {s.JournalHash}");
        Line("损坏 / damaged", s.Damaged.Count == 0 ? "none / 无" : string.Join(", ", s.Damaged));
    }

    /// <summary>Chinese characters are two columns wide.</summary>
    private static void Line(string label, string text) => Console.WriteLine(label + new string(' ', Math.Max(1, 32 - label.Sum(c => c > 0x2e80 ? 2 : 1))) + text);

    private static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes >= 1L << 30 ? $"{bytes / (double)(1L << 30):0.00} GiB" : bytes >= 1L << 20 ? $"{bytes / (double)(1L << 20):0.0} MiB" : $"{bytes / 1024.0:0} KiB";

    private static string Age(long? seconds) => seconds is { } s ? s < 120 ? $"{s} s" : s < 7_200 ? $"{s / 60} min" : s < 172_800 ? $"{s / 3600} h" : $"{s / 86_400} d" : "-";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StoreSurvey))]
internal sealed partial class StoreJson : JsonSerializerContext;
