namespace Gateway.Faults.Judging;

/// <summary>What one gap says of one device.</summary>
/// <param name="FirstMs">Time of its first point in the gap.</param>
/// <param name="LastMs">Time of its last point in the gap.</param>
internal sealed record GapPart(string Device, long Lines, long FirstMs, long LastMs)
{
    public bool Covers(long atMs) => FirstMs <= atMs && atMs <= LastMs;
}

/// <summary>Lines that went with a damaged file, by number.</summary>
internal sealed record LostRange(long From, long To)
{
    public bool Covers(long line) => From <= line && line < To;

    public override string ToString() => $"{From}–{To - 1}";
}
