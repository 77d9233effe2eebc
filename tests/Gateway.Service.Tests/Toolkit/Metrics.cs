using System.Globalization;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>One reading of <c>/metrics</c> and of the process behind it.</summary>
internal sealed class Metrics(IReadOnlyDictionary<string, double> values, long residentBytes, int files)
{
    private const double MiB = 1024 * 1024;

    public double this[string name] => values[name];

    /// <summary>MQTT connections of now.</summary>
    public int Connections => (int)this["gateway_mqtt_connections"];

    /// <summary>Resident set of the gateway's process, MiB.</summary>
    public double ResidentMiB => residentBytes / MiB;

    /// <summary>Files and sockets the process holds open.</summary>
    public int Files => files;

    public static async Task<Metrics> ReadAsync(GatewayUnderTest gateway)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string line in (await gateway.Console.TextAsync("/metrics")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            int space = line.LastIndexOf(' ');
            values[line[..space]] = double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
        }
        return new Metrics(values, ResidentBytes(gateway.Process.Id), Directory.EnumerateFileSystemEntries($"/proc/{gateway.Process.Id}/fd").Count());
    }

    /// <summary>Waits until the gateway holds exactly so many MQTT connections.</summary>
    public static Task<Metrics> WithConnectionsAsync(GatewayUnderTest gateway, int connections, double seconds = 15) =>
        Eventually.GetAsync($"{connections} connections", Eventually.Seconds(seconds), () => ReadAsync(gateway), m => m.Connections == connections, m => $"{m.Connections}");

    /// <summary>Sockets that the process itself holds on a TCP port of its own, the listening one included: what the kernel still sends after a close is not among them.</summary>
    public static int SocketsOf(int pid, int port)
    {
        var held = Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(f => File.ResolveLinkTarget(f, returnFinalTarget: false)?.Name).ToHashSet(StringComparer.Ordinal);
        string local = $":{port:X4}";
        return File.ReadLines($"/proc/{pid}/net/tcp").Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Count(f => f[1].EndsWith(local, StringComparison.Ordinal) && held.Contains($"socket:[{f[9]}]"));
    }

    private static long ResidentBytes(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line["VmRSS:".Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }
}
