namespace Gateway.Service.Tests.Toolkit;

/// <summary>Where the things under test lie. Nothing is built here, and nothing is skipped: what is missing fails the test and says how to make it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The published gateway: <c>GATEWAY_BIN</c>, else <c>out/gateway/gateway</c>.</summary>
    public static string GatewayFile => Existing(
        Environment.GetEnvironmentVariable("GATEWAY_BIN") ?? Path.Combine(Root, "out", "gateway", "gateway"),
        "publish src/Gateway.Service into out/gateway, or set GATEWAY_BIN");

    /// <summary>The simulated site: <c>FIRMWARE_SIM</c>, else the Release build, else the Debug build.</summary>
    public static string FirmwareSimFile
    {
        get
        {
            string built = Path.Combine(Root, "firmware-sim", "bin", "Release", "net10.0", "firmware-sim.dll");
            if (!File.Exists(built)) built = built.Replace("Release", "Debug", StringComparison.Ordinal);
            return Existing(Environment.GetEnvironmentVariable("FIRMWARE_SIM") ?? built, "build firmware-sim, or set FIRMWARE_SIM");
        }
    }

    public static string FileAt(params string[] parts) => Existing(Path.Combine([Root, .. parts]), "it is part of the repository");

    private static string Existing(string file, string advice)
    {
        Assert.True(File.Exists(file), $"no such file: {file} ({advice})");
        return file;
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Gateway.sln"))) return at.FullName;
        throw new InvalidOperationException($"no Gateway.sln above {AppContext.BaseDirectory}");
    }
}
