using System.Globalization;
using System.Text.Json;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Messages devices send, and short forms of what the gateway answers.</summary>
internal static class Words
{
    public static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public static string Presence(JsonElement presence)
    {
        string? state = presence.GetProperty("state").GetString(), cause = presence.GetProperty("cause").GetString();
        return string.IsNullOrEmpty(cause) ? state! : $"{state}({cause})";
    }

    public static string Telemetry(string crane) => $"site/{SiteFiles.SiteId}/crane/{crane}/telemetry";

    public static string Status(string crane) => $"site/{SiteFiles.SiteId}/crane/{crane}/status";

    /// <summary>A calm crane, or one above its rated moment.</summary>
    public static string CraneJson(long ts, long seq, double moment = 40) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"ts":{{ts}},"seq":{{seq}},"load_t":2.35,"rated_t":6,"moment_pct":{{moment}},"radius_m":41.8,"height_m":32.5,"slew_deg":127.5,"wind_mps":6.4,"tilt_deg":0.12,"falls":2,"alarm_bits":0,"operator":"op-1"}""");
}
