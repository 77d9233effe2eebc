namespace FirmwareSim.Wire;

/// <summary>Waiting time before the next attempt to connect: 250 ms, doubling to 5 s.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;

    public TimeSpan Next()
    {
        TimeSpan wait = _next;
        _next = wait * 2 < Longest ? wait * 2 : Longest;
        return wait;
    }

    public void Reset() => _next = First;
}
