namespace Gateway.Domain.Presence;

/// <summary>Counts what happened within the last hour, to the minute. Pure: time comes in and never goes back.</summary>
internal sealed class FlapCount
{
    private const int Minutes = 60;
    private const long MinuteMs = 60_000;

    private readonly int[] _counts = new int[Minutes];
    private long _minute;

    public void Add(long atMs)
    {
        Forward(atMs);
        _counts[_minute % Minutes]++;
    }

    public int LastHour(long nowMs)
    {
        Forward(nowMs);
        int sum = 0;
        foreach (int count in _counts) sum += count;
        return sum;
    }

    /// <summary>Clears the minutes that nothing happened in; after an hour or more that is all of them.</summary>
    private void Forward(long atMs)
    {
        long minute = Math.Max(_minute, atMs / MinuteMs);
        for (long next = Math.Max(_minute + 1, minute - Minutes + 1); next <= minute; next++) _counts[next % Minutes] = 0;
        _minute = minute;
    }
}
