namespace Gateway.Protocols.Goyo;

/// <summary>A device's heartbeat: who it is (<see cref="GoyoStation"/>) and what its clock shows.</summary>
public static class GoyoHeartbeat
{
    private const int PayloadBytes021303 = 14;

    /// <summary>Reads the device's clock.</summary>
    /// <param name="civil">Valid when <paramref name="hasTime"/>.</param>
    /// <returns>False when the frame is no device's heartbeat: a server's answer, heard on a pair of wires that gives back what is sent, has the same command.</returns>
    public static bool TryRead(in GoyoFrame frame, out DateTime civil, out bool hasTime)
    {
        (civil, hasTime) = (default, false);
        int? at = frame.Version switch
        {
            GoyoVersion.V021303 when frame.Payload.Length == PayloadBytes021303 => 8 + GoyoLimits.StationBytes,
            GoyoVersion.V01 when frame.Bytes.Length == GoyoLayout.Heartbeat01Bytes => 8,
            GoyoVersion.V11 when frame.Bytes.Length == GoyoLayout.Heartbeat11Bytes => 14,
            _ => null,
        };
        if (frame.Command != GoyoCommand.Heartbeat || at is not { } time) return false;
        hasTime = GoyoTime.TryRead(frame.Bytes[time..], out civil);
        return true;
    }
}
