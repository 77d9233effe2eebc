namespace Gateway.Uplink.Sending;

/// <summary>What lies between us and the targets, and how long we hesitate on the way: sockets and chance. A simulation brings its own.</summary>
internal class UplinkNetwork
{
    public static UplinkNetwork Sockets { get; } = new();

    /// <summary>Spreads the pauses between attempts, from 0 up to 1; null: by chance.</summary>
    public virtual Func<double>? Jitter => null;

    /// <summary>One connection.</summary>
    /// <param name="connectLimit">For the connection alone.</param>
    public virtual HttpMessageHandler Connect(UplinkTargetOptions target, TimeSpan connectLimit) => TargetConnection.Sockets(target, connectLimit);
}
