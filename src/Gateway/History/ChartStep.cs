namespace Gateway.History;

/// <summary>Lengths of intervals people read off a chart without counting; each from a minute on is a multiple of the roll-ups that can make it.</summary>
internal static class ChartStep
{
    private const long Second = 1_000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;

    private static readonly long[] StepsMs =
    [
        1, 2, 5, 10, 20, 50, 100, 200, 500, Second, 2 * Second, 5 * Second, 10 * Second, 15 * Second, 20 * Second, 30 * Second, Minute, 2 * Minute, 5 * Minute, 10 * Minute, 15 * Minute,
        30 * Minute, Hour, 2 * Hour, 3 * Hour, 4 * Hour, 6 * Hour, 12 * Hour, Day, 2 * Day, 5 * Day, 10 * Day, 30 * Day, 100 * Day, 1_000 * Day,
    ];

    /// <summary>The shortest step of a resolution that needs at most so many rows for the window.</summary>
    /// <param name="baseMs">Step of the resolution; 0: raw.</param>
    public static long For(long fromMs, long toMs, int rows, long baseMs)
    {
        foreach (long step in StepsMs)
            if (step >= baseMs && (toMs - 1) / step - fromMs / step < rows) return step;
        return StepsMs[^1];
    }
}
