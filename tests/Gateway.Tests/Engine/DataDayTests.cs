using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What comes of data for the slots of a civil day: c1 and c2 are cranes, v1 is a camera that lives by heartbeats. Begins on 2026-03-05.</summary>
public sealed class DataDayTests
{
    private const long Minute = 60_000, Slot = 10 * Minute, Hour = 60 * Minute, Day = 24 * Hour;

    private static readonly long Midnight = TestSite.Ten - 10 * Hour;

    private static readonly DateOnly First = new(2026, 3, 5);

    private readonly EngineRun _run = new(Midnight);

    private IReadOnlyList<DataDay> Rows(string device) => [.. _run.Said.OfType<DataDayCounted>().Select(d => d.Day).Where(d => d.Device == device)];

    [Fact]
    public void A_month_of_31_days_is_4_464_slots_and_late_data_repair_the_day_they_are_about()
    {
        for (int day = 0; day < 31; day++)
        {
            // One slot in twelve is missing, another one in twelve is bad; on the seventh nothing comes at all.
            for (int slot = 0; slot < 144; slot++)
            {
                bool comes = day != 6 && slot % 12 != 5;
                if (comes) Live("c1", Midnight + day * Day + slot * Slot + Minute, good: slot % 12 != 7);
            }
            PassTo(Midnight + (day + 1) * Day + 11 * Minute);
            // Two days later the box hands over the whole of the seventh.
            if (day == 8)
            {
                for (int slot = 0; slot < 144; slot++) Say("c1", Midnight + 6 * Day + slot * Slot + 1, flags: ReadingFlags.Backfill);
                PassTo(_run.NowMs + Minute);
            }
        }

        var month = Rows("c1").GroupBy(r => r.Date).Select(g => g.Last().Quality).Aggregate((a, b) => a + b);
        Assert.Equal(new DataQuality(31 * 144, 30 * 132 + 144, 30 * 120 + 144), month);
        Assert.Equal(32, Rows("c1").Count);
        Assert.Equal([new DataQuality(144, 0, 0), new DataQuality(144, 144, 144)], Rows("c1").Where(r => r.Date == First.AddDays(6)).Select(r => r.Quality));
        Assert.Equal(31, Rows("c2").Count);
        Assert.Empty(Rows("v1"));
    }

    [Fact]
    public void A_day_is_told_ten_minutes_after_its_end_with_what_came_until_then()
    {
        PassTo(Midnight + Day + 9 * Minute + 59_000);
        Assert.Empty(Rows("c1"));
        Say("c1", Midnight + 12 * Hour, flags: ReadingFlags.Backfill);
        PassTo(Midnight + Day + 10 * Minute + 1_000);

        Assert.Equal([new DataDay("c1", First, new DataQuality(144, 1, 1))], Rows("c1"));
    }

    [Fact]
    public void Late_data_of_a_day_that_was_told_are_told_once_an_hour()
    {
        PassTo(Midnight + Day + 11 * Minute);
        for (int slot = 0; slot < 36; slot++)
        {
            Say("c1", Midnight + slot * Slot, flags: ReadingFlags.Backfill);
            PassTo(_run.NowMs + 5 * Minute);
        }
        PassTo(_run.NowMs + 2 * Hour);

        var times = Rows("c1").Select(r => r.Quality.Received).ToList();
        Assert.Equal(0, times[0]);
        Assert.Equal(36, times[^1]);
        Assert.Equal(4, times.Count);
    }

    [Fact]
    public void Live_replayed_and_back_filled_data_count_for_their_own_time_and_what_is_not_plausible_does_not()
    {
        PassTo(Midnight + 11 * Day + 19 * Minute + 30_000);
        int before = Rows("c1").Count;
        long now = _run.NowMs, today = Midnight + 11 * Day;
        Say("c1", now, flags: ReadingFlags.Replayed);
        Say("c1", today - 1, flags: ReadingFlags.Backfill);
        Say("c1", now - 10 * Day, flags: ReadingFlags.Backfill);
        Say("c1", now - 10 * Day - Slot, flags: ReadingFlags.Backfill);
        Say("c1", now + 61_000);
        Say("c1", now - Hour, flags: ReadingFlags.Retained);
        // It says not when: a record handed over late is not about now.
        Say("c1", today + Minute, flags: ReadingFlags.Backfill, measuredAtMs: 0);
        PassTo(_run.NowMs + 2 * Hour);

        Assert.Equal([(First.AddDays(1), 1L), (First.AddDays(10), 1L)], Rows("c1").Skip(before).Select(r => (r.Date, r.Quality.Received)).Order());
        PassTo(Midnight + 12 * Day + 11 * Minute);
        Assert.Equal((First.AddDays(11), 1), (Rows("c1")[^1].Date, Rows("c1")[^1].Quality.Received));
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(5, 1)]
    [InlineData(15, 0)]
    [InlineData(60, 0)]
    public void A_mean_over_an_interval_counts_when_it_fits_into_a_slot(ushort minutes, long received)
    {
        long at = Midnight + 8 * Hour;
        PassTo(at + Hour);
        _run.Do(e => e.Read(new Reading { Device = _run.Site.IndexOf("c1"), Kind = ReadingKind.Aggregate, SpanMinutes = minutes, MeasuredAtMs = at, PointAtUs = at * 1000, ReceivedAtMs = _run.NowMs }, [_run.Site.Sample("c1", "load_t", 1)]));
        PassTo(Midnight + Day + 11 * Minute);

        Assert.Equal(received, Rows("c1")[0].Quality.Received);
    }

    [Fact]
    public void A_suspension_takes_its_slots_out_and_one_entered_later_changes_what_was_told()
    {
        for (int slot = 0; slot < 144; slot += 2) Live("c1", Midnight + slot * Slot);
        PassTo(Midnight + Day + 11 * Minute);
        var entry = new LifecycleEntry(7, "c1", LifecycleKind.Suspended, Midnight + 8 * Hour, Midnight + 10 * Hour, "repair", "a", "b", "F-1", null, null, null, _run.NowMs);
        _run.Do(e => e.TakeLifecycle([entry], [], _run.NowMs));
        PassTo(_run.NowMs + 2 * Hour);

        Assert.Equal([new DataQuality(144, 72, 72), new DataQuality(132, 66, 66)], Rows("c1").Select(r => r.Quality));
    }

    [Fact]
    public void A_device_that_is_not_in_service_owes_nothing_and_nothing_is_told_of_it()
    {
        PassTo(Midnight + Day + 11 * Minute);

        Assert.Empty(Rows("h2"));
        Assert.Single(Rows("h1"));
        PassTo(Midnight + 2 * Day + 11 * Minute);
        Assert.Single(Rows("h1"));
    }

    [Fact]
    public void What_was_kept_goes_on_in_another_engine_and_days_nobody_was_there_for_are_told()
    {
        for (int slot = 0; slot < 72; slot++) Live("c1", Midnight + slot * Slot);
        var kept = _run.Engine.DataToKeep().ToList();
        _run.Engine.DataKept();
        Assert.Empty(_run.Engine.DataToKeep());

        var later = new EngineRun(Midnight + 3 * Day + 12 * Hour);
        later.Do(e => e.RestoreData(kept, First, later.NowMs));
        later.Pass(1);

        Assert.Equal([72, 0, 0], later.Said.OfType<DataDayCounted>().Where(d => d.Day.Device == "c1").Select(d => d.Day.Quality.Received));
        var told = later.Engine.DataToKeep().ToList();
        var again = new EngineRun(later.NowMs);
        again.Do(e => e.RestoreData(told, First, again.NowMs));
        again.Pass(2 * 3600, tickMs: 10_000);
        Assert.Empty(again.Said.OfType<DataDayCounted>());
    }

    [Fact]
    public void A_clean_engine_knows_nothing_of_the_days_before_it()
    {
        Say("c1", Midnight - Hour, flags: ReadingFlags.Backfill);
        Assert.Empty(_run.Engine.DataToKeep());
    }

    [Fact]
    public void Slots_are_never_shorter_than_the_expected_interval()
    {
        var run = new EngineRun(Midnight, new TestSite(moreDevices: """, { "id": "c7", "name": "7#", "kind": "crane", "profile": "crane-json", "link": "mqtt", "inService": "2026-01-01", "expectedIntervalSeconds": 1800 }"""));
        run.Pass(86_400 + 660, tickMs: 60_000);

        Assert.Equal(48, run.Said.OfType<DataDayCounted>().Single(d => d.Day.Device == "c7").Day.Quality.Expected);
    }

    private void PassTo(long atMs) => _run.Pass((atMs - _run.NowMs) / 1000.0, tickMs: 60_000);

    /// <summary>A measurement that comes at the moment it is about.</summary>
    private void Live(string device, long atMs, bool good = true)
    {
        PassTo(atMs);
        Say(device, atMs, good);
    }

    /// <summary>A measurement that comes now and is about some moment.</summary>
    private void Say(string device, long atMs, bool good = true, ReadingFlags flags = 0, long? measuredAtMs = null)
    {
        var sample = _run.Site.Sample(device, "load_t", 1, good ? SampleQuality.Good : SampleQuality.Bad);
        _run.Do(e => e.Read(new Reading { Device = _run.Site.IndexOf(device), Kind = ReadingKind.Measurement, Flags = flags, MeasuredAtMs = measuredAtMs ?? atMs, PointAtUs = atMs * 1000, ReceivedAtMs = _run.NowMs }, [sample]));
    }
}
