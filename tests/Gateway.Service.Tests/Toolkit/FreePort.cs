using System.Net;
using System.Net.Sockets;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Loopback ports nobody listens on right now.</summary>
internal static class FreePort
{
    private static readonly HashSet<int> Given = [];

    /// <summary>Never the same port twice in one run.</summary>
    public static int Next()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            int port = ((IPEndPoint)probe.LocalEndpoint).Port;
            lock (Given)
                if (Given.Add(port)) return port;
        }
    }
}
