using System.Globalization;
using System.Text;

namespace Gateway.Store.Damage;

/// <summary><c>report.txt</c> beside a damaged file: for whoever wonders months later what it is. Chinese and English.</summary>
internal static class DamageReport
{
    public const string Name = "report.txt";

    public static void Write(FileDamage damage, DateTimeOffset now)
    {
        if (damage.MovedTo is { } folder) File.WriteAllText(Path.Combine(folder, Name), Text(damage, now));
    }

    private static string Text(FileDamage damage, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Line(text, "文件 / File", damage.File);
        Line(text, "时间 / When", now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Line(text, "发现 / Found", damage.Found);
        Line(text, "SHA-256", damage.Sha256 ?? "-");
        text.Append("\n已恢复的行数 / Rows recovered\n");
        foreach (var table in damage.Tables) Line(text, $"  {table.Table}", $"{table.Rows}{(table.Whole ? "" : "（不完整 / not whole）")}");
        text.Append("\n丢失 / Lost\n");
        if (damage.RowsLost is { } rows) Line(text, "  日志行 / Journal rows", $"{rows} (最后完好 / last good: {damage.LastGoodSeq}; 继续于 / goes on at: {damage.NextSeq})");
        foreach (var range in damage.Missing) Line(text, "  遥测行 / Telemetry lines", $"{range.From} … {range.To - 1} ({range.To - range.From})");
        foreach (var table in damage.Tables.Where(t => !t.Whole)) Line(text, $"  {table.Table}", "无法读取的页上的行 / rows on pages that cannot be read");
        if (damage.RowsLost is null or 0 && damage.Missing.Count == 0 && damage.Tables.All(t => t.Whole)) text.Append("  无已知丢失 / nothing that is known\n");
        foreach (string old in damage.Forgotten) Line(text, "旧的损坏文件夹已删除 / Older folder of damage deleted", old);
        text.Append("\n原文件原样保存在此；服务已在新文件上继续，无需手工删除。\nThe file lies here as it was found. The service goes on with a new one; nothing needs to be deleted by hand.\n");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string label, string value) => text.Append(label).Append(": ").Append(value).Append('\n');
}
