using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Xunit;

namespace Gateway.Domain.Tests.Compliance;

/// <summary>Slots of ten minutes: 144 a day.</summary>
public sealed class SlotMapTests
{
    private const long Minute = 60_000, TenMinutes = 10 * Minute, Hour = 60 * Minute, Day = 24 * Hour;

    private static readonly IReadOnlyList<LifecycleSpan> Always = [new(LifecycleState.InService, long.MinValue, long.MaxValue, null)];

    [Fact]
    public void A_slot_counts_once_and_is_valid_as_soon_as_one_datum_of_it_is_good()
    {
        var map = Map(Day);
        foreach (int i in Enumerable.Range(0, 144).Where(i => i != 7))
        {
            Assert.True(map.Mark(i * TenMinutes + 1, i % 10 != 0));
            Assert.Equal(i % 20 == 0, map.Mark(i * TenMinutes + 2, i % 20 == 0));
        }
        // Slot 7 is missing; of the tens every other one has a good datum beside the bad one.
        Assert.Equal(new DataQuality(144, 143, 143 - 7), map.Count(Always));
    }

    [Theory]
    [InlineData(82_800_000, 138)]
    [InlineData(90_000_000, 150)]
    [InlineData(86_399_999, 143)]
    [InlineData(0, 0)]
    public void What_is_due_follows_the_length_of_the_day(long lengthMs, long expected)
    {
        var map = Map(lengthMs);
        Assert.False(map.Mark(-1, true));
        Assert.False(map.Mark(lengthMs, true));
        map.Mark(lengthMs - 1, true);

        var count = map.Count(Always);
        Assert.Equal(expected, count.Expected);
        Assert.Equal(lengthMs % TenMinutes == 0 && lengthMs > 0 ? 1 : 0, count.Received);
    }

    [Theory]
    [InlineData("Asia/Shanghai", 3, 29, 144)]
    [InlineData("Europe/Berlin", 3, 29, 138)]
    [InlineData("Europe/Berlin", 10, 25, 150)]
    public void Days_on_which_the_clocks_change_have_23_and_25_hours(string zone, int month, int day, long expected)
    {
        var date = new DateOnly(2026, month, day);
        var map = new SlotMap(CivilDays.Between(date, date, TimeZoneInfo.FindSystemTimeZoneById(zone))[0], TenMinutes);
        for (long at = map.Day.FromMs; at < map.Day.ToMs; at += TenMinutes) map.Mark(at, true);

        Assert.Equal(new DataQuality(expected, expected, expected), map.Count(Always));
    }

    [Theory]
    // Suspended 08:00 to 10:00: twelve slots of 144.
    [InlineData(8 * Hour, 10 * Hour, 132)]
    // From 08:05 to 10:05 no slot that is touched is due: 08:00 to 10:10.
    [InlineData(8 * Hour + 5 * Minute, 10 * Hour + 5 * Minute, 131)]
    // One minute takes one slot, over a border two.
    [InlineData(8 * Hour + Minute, 8 * Hour + 2 * Minute, 143)]
    [InlineData(8 * Hour - Minute, 8 * Hour + Minute, 142)]
    [InlineData(0, Day, 0)]
    [InlineData(-Day, Minute, 143)]
    public void Of_slots_that_are_excused_in_part_nothing_is_due_and_nothing_counts(long fromMs, long toMs, long expected)
    {
        var map = Map(Day);
        for (long at = 0; at < Day; at += TenMinutes) map.Mark(at, true);

        Assert.Equal(new DataQuality(expected, expected, expected), map.Count(
        [
            new(LifecycleState.InService, long.MinValue, fromMs, null), new(LifecycleState.Suspended, fromMs, toMs, null), new(LifecycleState.InService, toMs, long.MaxValue, null),
        ]));
    }

    [Fact]
    public void An_entry_that_leaves_it_in_service_cuts_no_slot()
    {
        Assert.Equal(144, Map(Day).Count([new(LifecycleState.InService, long.MinValue, 5 * Minute, null), new(LifecycleState.InService, 5 * Minute, long.MaxValue, null)]).Expected);
    }

    [Fact]
    public void What_was_kept_goes_on_and_a_valid_slot_is_received()
    {
        var map = Map(Day);
        map.Mark(0, true);
        map.Mark(Day - 1, false);
        var again = new SlotMap(map.Day, TenMinutes, map.Received, map.Valid);

        Assert.Equal(new DataQuality(144, 2, 1), again.Count(Always));
        Assert.False(again.Mark(1, true));
        Assert.True(again.Mark(Day - 1, true));
        Assert.Equal(new DataQuality(144, 1, 1), new SlotMap(map.Day, TenMinutes, [], [1]).Count(Always));
    }

    [Fact]
    public void Whatever_comes_received_is_never_more_than_expected_nor_valid_more_than_received()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            long length = random.NextInt64(1, 2 * Day), slot = random.NextInt64(1_000, 2 * Hour);
            var map = new SlotMap(new CivilDay(default, 0, length), slot);
            var (received, valid) = (new HashSet<long>(), new HashSet<long>());
            for (int i = random.Next(400); i > 0; i--)
            {
                var (at, good) = (random.NextInt64(-Hour, length + Hour), random.Next(3) > 0);
                bool isDue = at >= 0 && at < length / slot * slot;
                Assert.Equal(isDue && (received.Add(at / slot) | (good && valid.Add(at / slot))), map.Mark(at, good));
            }
            var (cuts, spans) = (new[] { random.NextInt64(length), random.NextInt64(length), random.NextInt64(length) }.Order().ToArray(), new List<LifecycleSpan>());
            for (int i = 0; i <= cuts.Length; i++)
                spans.Add(new((LifecycleState)random.Next(8), i == 0 ? long.MinValue : cuts[i - 1], i == cuts.Length ? long.MaxValue : cuts[i], null));
            var count = map.Count(spans);
            Assert.True(count.Valid >= 0 && count.Valid <= count.Received && count.Received <= count.Expected && count.Expected <= map.Slots, $"seed {seed}: {count}");
            // Slot by slot, without any arithmetic of stretches.
            var due = Enumerable.Range(0, map.Slots).Where(n => Covered(spans, n * slot, (n + 1) * slot)).ToList();
            Assert.Equal(new DataQuality(due.Count, due.Count(n => received.Contains(n)), due.Count(n => valid.Contains(n))), count);
        }
    }

    private static bool Covered(List<LifecycleSpan> spans, long fromMs, long toMs) =>
        spans.Where(s => s.FromMs < toMs && s.ToMs > fromMs && s.FromMs < s.ToMs).All(s => s.State == LifecycleState.InService);

    private static SlotMap Map(long lengthMs) => new(new CivilDay(new DateOnly(2026, 3, 5), 0, lengthMs), TenMinutes);
}
