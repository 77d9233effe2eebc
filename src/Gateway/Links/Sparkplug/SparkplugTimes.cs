namespace Gateway.Links.Sparkplug;

/// <summary>Compares the times nodes write into their messages: the only thing that tells two sessions apart, because data carries no session number.</summary>
internal static class SparkplugTimes
{
    /// <summary>A node may stamp a message a little before it numbers it; sessions lie further apart.</summary>
    private const ulong JitterMs = 500;

    /// <summary>Whether the one was certainly sent before the other; never when one of them says no time.</summary>
    public static bool IsBefore(ulong sentMs, ulong otherMs) => sentMs > 0 && otherMs > JitterMs && sentMs < otherMs - JitterMs;
}
