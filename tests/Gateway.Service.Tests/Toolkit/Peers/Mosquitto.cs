namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary><c>mosquitto_pub</c>: a client that everybody has.</summary>
internal static class Mosquitto
{
    /// <summary>Publishes with QoS 1; exits well only when the gateway acknowledged.</summary>
    public static async Task PublishAsync(int port, string topic, string payload)
    {
        await using var pub = ChildProcess.Start("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{port}", "-i", "mosquitto", "-q", "1", "-t", topic, "-m", payload]);
        Assert.True(await pub.WaitForExitAsync(TimeSpan.FromSeconds(10)) == 0, $"mosquitto_pub: {pub.Said}");
    }
}
