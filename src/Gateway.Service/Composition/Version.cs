using System.Reflection;

namespace Gateway.Service.Composition;

/// <summary>Version of this program, as it stands in the evidence chain and on the page.</summary>
internal static class Version
{
    public static string Text { get; } = typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
