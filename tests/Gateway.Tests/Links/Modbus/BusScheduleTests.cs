using Gateway.Domain.Ledger;
using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

public sealed class BusScheduleTests
{
    private static readonly BusTiming s_timing = new(9600, SerialFraming.EightNone1);
    private static readonly ModbusReadBlock s_block = new(3, 0, 1);

    [Theory]
    [InlineData(4800, 7.291)]
    [InlineData(9600, 3.645)]
    [InlineData(19200, 1.822)]
    [InlineData(38400, 1.75)]
    [InlineData(115200, 1.75)]
    public void Silence_is_three_and_a_half_characters_and_never_below_1_75_ms(int baud, double milliseconds) =>
        Assert.Equal(milliseconds, new BusTiming(baud, SerialFraming.EightNone1).Silence.TotalMilliseconds, 0.001);

    [Fact]
    public void A_unit_is_asked_in_its_period()
    {
        var line = new SimulatedLine(Unit(1, 1000));
        line.RunFor(TimeSpan.FromSeconds(60));
        Assert.Equal(60, line.AskedAt(0).Count);
        Assert.All(line.Intervals(0), interval => Assert.Equal(TimeSpan.FromSeconds(1), interval));
    }

    [Fact]
    public void A_round_asks_every_block_once()
    {
        var unit = new ModbusUnit("a", 1, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200), [s_block, s_block with { Address = 9 }, s_block with { Address = 20 }]);
        var line = new SimulatedLine(unit);
        line.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(30, line.AskedAt(0).Count);
        Assert.Equal([0, 1, 2, 0, 1, 2], line.Turns.Take(6).Select(turn => turn.Turn.Block));
    }

    [Fact]
    public void A_bus_with_too_much_to_do_shares_its_time()
    {
        var line = new SimulatedLine([.. Enumerable.Range(1, 10).Select(i => Unit((byte)i, 100))]);
        line.RunFor(TimeSpan.FromSeconds(30));
        var counts = Enumerable.Range(0, 10).Select(i => line.AskedAt(i).Count(at => at > TimeSpan.FromSeconds(5))).ToList();
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
    }

    [Fact]
    public void Three_failures_in_a_row_make_a_unit_dead_and_two_do_not()
    {
        var schedule = new BusSchedule([Unit(1, 1000)], [1], s_timing, TimeSpan.Zero);
        Assert.Equal(UnitChange.None, Turn(0, answered: false));
        Assert.Equal(UnitChange.None, Turn(2, answered: false));
        Assert.Equal(UnitChange.None, Turn(4, answered: true));
        Assert.Equal(UnitChange.None, Turn(6, answered: false));
        Assert.Equal(UnitChange.None, Turn(8, answered: false));
        Assert.False(schedule.IsDead(0));
        Assert.Equal(UnitChange.Died, Turn(10, answered: false));
        Assert.True(schedule.IsDead(0));
        Assert.Equal(UnitChange.None, Turn(20, answered: false));
        Assert.Equal(UnitChange.Recovered, Turn(60, answered: true));

        UnitChange Turn(int second, bool answered)
        {
            var now = TimeSpan.FromSeconds(second);
            Assert.True(schedule.TryTake(now, out _, out _));
            return schedule.Report(now + TimeSpan.FromMilliseconds(200), answered);
        }
    }

    [Fact]
    public void With_31_of_32_units_dead_the_live_one_keeps_its_period_within_a_tenth_and_probes_take_at_most_a_twentieth()
    {
        var line = new SimulatedLine([.. Enumerable.Range(1, 32).Select(i => Unit((byte)i, 1000))]) { Lives = (unit, _) => unit == 17 };
        line.RunFor(TimeSpan.FromMinutes(20));
        var afterOnset = line.Intervals(17).Skip(1).ToList();
        Assert.All(afterOnset, interval => Assert.InRange(interval.TotalMilliseconds, 900, 1100));
        Assert.InRange(line.ProbeTime / line.Now, 0.04, BusSchedule.ProbeShareMax);
        Assert.All(Enumerable.Range(0, 32), unit => Assert.True(line.AskedAt(unit).Count >= 8, $"unit {unit} asked {line.AskedAt(unit).Count} times"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(31)]
    public void Probes_never_take_more_than_their_share_in_any_minute(int dead)
    {
        var line = new SimulatedLine([.. Enumerable.Range(0, 32).Select(i => Unit((byte)(i + 1), 1000, 100 + (i * 10)))]) { Lives = (unit, _) => unit >= dead };
        line.RunFor(TimeSpan.FromMinutes(10));
        var worst = line.Turns.Where(turn => turn.Turn.IsProbe && !turn.Answered).ToList();
        foreach (var from in worst)
        {
            var inMinute = worst.Where(turn => turn.Start >= from.Start && turn.Start < from.Start + TimeSpan.FromMinutes(1)).ToList();
            var taken = inMinute.Aggregate(TimeSpan.Zero, (sum, turn) => sum + turn.Took);
            // A window that begins and ends with a probe holds one more than its share.
            Assert.True(taken <= TimeSpan.FromSeconds(3) + inMinute[^1].Took, $"from {from.Start}: {taken}");
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(20)]
    [InlineData(300)]
    public void A_dead_unit_that_answers_again_is_seen_within_the_time_it_was_gone_and_within_a_minute(int goneSeconds)
    {
        for (var offset = 0; offset < 40; offset++)
        {
            var gone = TimeSpan.FromSeconds(goneSeconds) + TimeSpan.FromMilliseconds(offset * 100);
            var line = new SimulatedLine(Unit(1, 1000, 80), Unit(2, 1000, 80)) { Lives = (unit, now) => unit == 0 || now >= gone };
            line.RunFor(gone + TimeSpan.FromSeconds(70));
            var seenAt = line.Turns.First(turn => turn.Turn.Unit == 1 && turn.Answered).Start;
            var limit = gone < UnitSchedule.SpacingMax ? gone : UnitSchedule.SpacingMax;
            Assert.InRange(seenAt - gone, TimeSpan.Zero, limit + TimeSpan.FromSeconds(2.1));
        }
    }

    [Fact]
    public void Probes_of_a_dead_unit_are_one_two_four_periods_apart_until_a_minute()
    {
        var line = new SimulatedLine(Unit(1, 3000, 80), Unit(2, 3000, 80)) { Lives = (unit, _) => unit == 0 };
        line.RunFor(TimeSpan.FromMinutes(10));
        var probes = line.Turns.Where(turn => turn.Turn.IsProbe).Select(turn => turn.Start.TotalSeconds).ToList();
        var apart = probes.Zip(probes.Skip(1), (earlier, later) => later - earlier).ToList();
        Assert.All(apart.Zip([6.0, 12, 24, 48, 60, 60, 60]), pair => Assert.InRange(pair.First, pair.Second - 0.1, pair.Second + 0.5));
    }

    [Fact]
    public void Urgent_units_go_first_on_a_bus_with_too_much_to_do_and_the_others_still_have_their_turns()
    {
        var high = Enumerable.Range(1, 6).Select(i => Unit((byte)i, 100) with { Priority = BusPriority.High });
        var normal = Enumerable.Range(7, 6).Select(i => Unit((byte)i, 100));
        var low = Enumerable.Range(13, 6).Select(i => Unit((byte)i, 2000) with { Priority = BusPriority.Low });
        var line = new SimulatedLine([.. high, .. normal, .. low]);
        line.RunFor(TimeSpan.FromMinutes(5));
        var counts = Enumerable.Range(0, 18).Select(unit => line.AskedAt(unit).Count).ToList();
        Assert.True(counts[..6].Min() > counts[6..12].Max(), string.Join(' ', counts));
        // Stepped back by half a period, or four times that up to a second; then one turn of each other unit, 25 ms, and the own.
        var round = TimeSpan.FromMilliseconds(18 * 25);
        Assert.All(Enumerable.Range(6, 6), unit => Assert.All(line.Intervals(unit).Skip(2), interval => Assert.True(interval <= TimeSpan.FromMilliseconds(150) + round, $"unit {unit}: {interval}")));
        Assert.All(Enumerable.Range(12, 6), unit => Assert.All(line.Intervals(unit).Skip(2), interval => Assert.True(interval <= TimeSpan.FromSeconds(6) + round, $"unit {unit}: {interval}")));
        Assert.All(counts[12..], count => Assert.True(count >= 45, string.Join(' ', counts)));
    }

    [Fact]
    public void A_safety_device_that_is_due_goes_before_all_others_that_are()
    {
        var line = new SimulatedLine([.. Enumerable.Range(1, 10).Select(i => Unit((byte)i, 300)), Unit(11, 300) with { Priority = BusPriority.High }]);
        line.RunFor(TimeSpan.FromSeconds(60));
        Assert.All(line.Intervals(10).Skip(2), interval => Assert.InRange(interval.TotalMilliseconds, 270, 330));
    }

    [Fact]
    public void When_the_cable_is_mended_all_units_come_back_at_once()
    {
        var backAt = TimeSpan.FromSeconds(120);
        var line = new SimulatedLine([.. Enumerable.Range(1, 32).Select(i => Unit((byte)i, 5000))]) { Lives = (_, now) => now >= backAt };
        line.RunFor(TimeSpan.FromSeconds(140));
        var allBackAt = Enumerable.Range(0, 32).Max(unit => line.Turns.First(turn => turn.Turn.Unit == unit && turn.Answered).Start);
        Assert.InRange(allBackAt - backAt, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public void A_probe_that_never_fits_is_sent_anyway()
    {
        var line = new SimulatedLine(Unit(1, 100, 500), Unit(2, 1000, 500)) { Lives = (unit, _) => unit == 0 };
        line.RunFor(TimeSpan.FromMinutes(5));
        Assert.InRange(line.Turns.Count(turn => turn.Turn.IsProbe), 8, 10);
        Assert.InRange(line.ProbeTime / line.Now, 0, BusSchedule.ProbeShareMax);
    }

    [Fact]
    public void A_live_unit_goes_on_while_requests_that_fit_nowhere_push_in()
    {
        var line = new SimulatedLine([.. Enumerable.Range(1, 20).Select(i => Unit((byte)i, 150, 200))]) { Lives = (unit, _) => unit == 3 };
        line.RunFor(TimeSpan.FromSeconds(30));
        Assert.All(line.Intervals(3).Skip(1), interval => Assert.InRange(interval.TotalMilliseconds, 0, 450));
    }

    [Fact]
    public void After_a_failure_and_after_the_first_answer_that_follows_a_unit_is_left_alone_for_its_time_out()
    {
        var unit = new ModbusUnit("a", 1, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200), [s_block, s_block with { Address = 9 }, s_block with { Address = 20 }]);
        var line = new SimulatedLine(unit) { Lives = (_, now) => now > TimeSpan.FromMilliseconds(100) };
        line.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal([false, true, true], line.Turns.Select(turn => turn.Answered));
        Assert.True(line.Turns[1].Start - line.Turns[0].End >= unit.ResponseTimeout);
        Assert.True(line.Turns[2].Start - line.Turns[1].End >= unit.ResponseTimeout);
    }

    [Fact]
    public void A_block_that_is_never_answered_does_not_hide_the_others()
    {
        var unit = new ModbusUnit("a", 1, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(100), [s_block, s_block with { Address = 9 }]);
        var line = new SimulatedLine(unit) { Answers = turn => turn.Block == 1 };
        line.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal(20, line.Turns.Count(turn => turn.Answered));
        Assert.DoesNotContain(line.Turns, turn => turn.Turn.IsProbe);
    }

    [Fact]
    public void A_new_port_forgets_who_was_dead()
    {
        var schedule = new BusSchedule([Unit(1, 1000)], [1], s_timing, TimeSpan.Zero);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(schedule.TryTake(TimeSpan.FromSeconds(i * 2), out _, out _));
            schedule.Report(TimeSpan.FromSeconds((i * 2) + 1), answered: false);
        }

        Assert.True(schedule.IsDead(0));
        schedule.Restart(TimeSpan.FromSeconds(6));
        Assert.False(schedule.IsDead(0));
        Assert.True(schedule.TryTake(TimeSpan.FromSeconds(6), out var turn, out _));
        Assert.False(turn.IsProbe);
    }

    private static ModbusUnit Unit(byte address, int periodMs, int timeoutMs = 200) =>
        new($"unit-{address}", address, TimeSpan.FromMilliseconds(periodMs), TimeSpan.FromMilliseconds(timeoutMs), [s_block]);

    private sealed record PastTurn(BusTurn Turn, TimeSpan Start, TimeSpan End, bool Answered)
    {
        public TimeSpan Took => End - Start;
    }

    /// <summary>Runs a schedule in made-up time: answers take 25 ms, silence takes the whole time-out.</summary>
    private sealed class SimulatedLine(params ModbusUnit[] units)
    {
        private static readonly TimeSpan s_answerTook = TimeSpan.FromMilliseconds(25);
        private readonly BusSchedule _schedule = new(units, [.. units.Select(unit => unit.Blocks.Count)], s_timing, TimeSpan.Zero);

        public TimeSpan Now { get; private set; }

        public Func<int, TimeSpan, bool> Lives { get; init; } = (_, _) => true;

        public Func<BusTurn, bool> Answers { get; init; } = _ => true;

        public List<PastTurn> Turns { get; } = [];

        public TimeSpan ProbeTime => Turns.Where(turn => turn.Turn.IsProbe && !turn.Answered).Aggregate(TimeSpan.Zero, (sum, turn) => sum + turn.Took);

        public void RunFor(TimeSpan length)
        {
            while (Now < length)
            {
                var start = Now;
                if (!_schedule.TryTake(start, out var turn, out var nextAt))
                {
                    Assert.True(nextAt > start, $"asked to wait until {nextAt} at {start}");
                    Now = nextAt;
                    continue;
                }

                var answered = Lives(turn.Unit, start) && Answers(turn);
                Now += answered ? s_answerTook : s_timing.CostOfSilence(units[turn.Unit]);
                _schedule.Report(Now, answered);
                Turns.Add(new(turn, start, Now, answered));
            }
        }

        public List<TimeSpan> AskedAt(int unit) => [.. Turns.Where(turn => turn.Turn.Unit == unit).Select(turn => turn.Start)];

        public IEnumerable<TimeSpan> Intervals(int unit)
        {
            var at = AskedAt(unit);
            return at.Zip(at.Skip(1), (earlier, later) => later - earlier);
        }
    }
}
