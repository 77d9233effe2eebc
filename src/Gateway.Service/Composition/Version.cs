using System.Globalization;
using System.Reflection;

namespace Gateway.Service.Composition;

/// <summary>Version of this program, as it stands in the evidence chain and on the page.</summary>
internal static class Version
{
    /// <summary>Start of the day on which it was built, ms; 0 where that is not known.</summary>
    public static long BuiltAtMs { get; } = typeof(Version).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "BuildDate")?.Value is { } day
        ? new DateTimeOffset(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds()
        : 0;

    public static string Text { get; } = typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
