namespace Gateway.History;

/// <summary>One of the three grains history is kept in. A block holds what one device said within one span, in UTC: no clock change makes a span longer.</summary>
/// <param name="Number">As it stands in the file.</param>
/// <param name="Word">As the API says it.</param>
/// <param name="StepUs">Length of an interval, µs; 0: every reading.</param>
/// <param name="SpanUs">Length of a span, µs. A day for 15 minutes: four rows an hour would be more heads than figures, and 90 days 2 160 blocks to read.</param>
internal sealed record Resolution(int Number, string Word, long StepUs, long SpanUs)
{
    public static readonly Resolution Raw = new(0, "raw", 0, 3_600_000_000);
    public static readonly Resolution Minute = new(1, "1m", 60_000_000, 3_600_000_000);
    public static readonly Resolution Quarter = new(2, "15m", 900_000_000, 86_400_000_000);

    /// <summary>From the finest to the coarsest, each at the place of its number.</summary>
    public static readonly IReadOnlyList<Resolution> All = [Raw, Minute, Quarter];

    public bool IsRollUp => StepUs > 0;

    public static Resolution? Find(string word) => All.FirstOrDefault(r => r.Word == word);

    public long SpanOf(long timeUs) => Blocks.RollUp.StartOf(timeUs, SpanUs);
}
