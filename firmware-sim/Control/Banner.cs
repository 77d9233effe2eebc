namespace FirmwareSim.Control;

/// <summary>What greets the person at the terminal: where everything goes, and what can be typed.</summary>
internal static class Banner
{
    private const int ChineseColumn = 53;

    public static string Compose(SimOptions options, IReadOnlyList<string> deviceIds)
    {
        var lines = new List<string>
        {
            "",
            $"  firmware-sim · 工地设备模拟器 · site {options.SiteId}, seed {options.Seed}, rate ×{options.Rate}",
            $"  MQTT {options.Mqtt} · HJ 212 {options.Hj212} · bus {options.BusPath} · control http://{options.Control}/",
            $"  devices 设备: {string.Join(' ', deviceIds)}",
            "",
            "  commands 命令: NAME [TARGET] [seconds=N] [value=N]",
        };
        lines.AddRange(CommandTable.All.Select(c => $"    {c.Name,-12}{c.English}".PadRight(ChineseColumn) + c.Chinese));
        lines.Add("");
        return string.Join(Environment.NewLine, lines);
    }
}
