using Gateway.Uplink.Audit;
using Gateway.Uplink.Progress;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class LaneProgressTests
{
    private const long Hold = 30_000;
    private static readonly TargetStart First = new(1_000);
    private static readonly TargetStart Second = new(2_000);

    private readonly LaneProgress _lane = new("t", "telemetry", rewinds: false);

    [Fact]
    public void An_answer_settles_when_the_target_is_seen_unchanged_after_the_hold_time()
    {
        _lane.Seen(First, 0, Hold);
        Answer(0, 10, First, atMs: 1_000);

        Assert.Equal(0, _lane.Seen(First, 30_999, Hold));
        Assert.Equal((10, 0, 10), (_lane.Next, _lane.Settled, _lane.HeldLines));
        Assert.Equal(0, _lane.Seen(First, 31_000, Hold));
        Assert.Equal((10, 0), (_lane.Settled, _lane.HeldLines));
    }

    [Fact]
    public void A_restart_within_the_hold_time_sends_again_what_was_answered_and_nothing_that_is_settled()
    {
        Answer(0, 10, First, atMs: 0);
        _lane.Seen(First, 30_000, Hold);
        Answer(10, 15, First, atMs: 30_500);

        Assert.Equal(5, _lane.Seen(Second, 31_000, Hold));
        Assert.Equal((new LineRange(10, 15), SendWay.Backlog), _lane.Waiting());
        Assert.Equal((15, 10), (_lane.Next, _lane.Settled));
        _lane.Answered(new LineRange(10, 15), SendWay.Backlog, Second, 32_000, null, []);
        Assert.Null(_lane.Waiting());
        _lane.Seen(Second, 62_000, Hold);
        Assert.Equal(15, _lane.Settled);
    }

    [Fact]
    public void An_answer_of_a_life_that_was_not_seen_before_it_is_not_believed()
    {
        Answer(0, 10, before: null, atMs: 0);
        Assert.Equal(10, _lane.Seen(First, 60_000, Hold));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_an_earlier_life_answered_for_last_is_sent_again_also_when_our_process_ends_before_it_is_noticed(bool rewinds)
    {
        var lane = new LaneProgress("t", "x", rewinds);
        // The answer of the first life was still on its way when the second one was seen.
        lane.Seen(Second, 1_000, Hold);
        lane.Answered(new LineRange(0, 10), SendWay.Live, First, 1_001, null, []);
        var memory = lane.TakeChanges()!.Memory;

        var next = new LaneProgress("t", "x", rewinds);
        next.Restore(memory, 0, 10, 2_000);
        next.Seen(Second, 60_000, Hold);

        Assert.Equal(0, next.Settled);
        Assert.Equal(rewinds ? (0, null) : (10, (new LineRange(0, 10), SendWay.Backlog)), (next.Next, next.Waiting()));
    }

    [Fact]
    public void Where_the_start_cannot_be_read_the_hold_time_is_all_there_is()
    {
        Answer(0, 10, before: null, atMs: 1_000);
        _lane.SettleByTime(30_999, Hold);
        Assert.Equal(0, _lane.Settled);
        _lane.SettleByTime(31_000, Hold);
        Assert.Equal(10, _lane.Settled);
    }

    [Fact]
    public void Alarms_are_sent_again_from_the_first_that_was_lost_and_an_answer_under_way_meanwhile_does_not_count()
    {
        var alarms = new LaneProgress("t", "one", rewinds: true);
        alarms.Answered(new LineRange(0, 3), SendWay.Live, First, 0, null, []);
        Assert.Equal(3, alarms.Seen(Second, 100, Hold));
        Assert.Equal(0, alarms.Next);
        alarms.Answered(new LineRange(3, 5), SendWay.Live, Second, 200, null, []);
        Assert.Equal((0, 0), (alarms.Next, alarms.Settled));
    }

    [Fact]
    public void What_live_leaves_behind_waits_oldest_first_and_holds_the_frontier()
    {
        Answer(0, 5, First, 0);
        Assert.Equal(95, _lane.LeaveBehind(100));
        Answer(100, 110, First, 0);
        _lane.Seen(First, Hold, Hold);
        Assert.Equal((110, 5, 95), (_lane.Next, _lane.Settled, _lane.BacklogLines));
        _lane.Answered(new LineRange(5, 40), SendWay.Backlog, First, Hold, null, []);
        Assert.Equal((new LineRange(40, 100), SendWay.Backlog), _lane.Waiting());
    }

    [Fact]
    public void What_the_audit_wants_sent_again_goes_after_what_was_never_answered()
    {
        Answer(0, 50, First, 0);
        _lane.Seen(First, Hold, Hold);
        _lane.SendAgain(new LineRange(10, 20));
        Assert.Equal((new LineRange(10, 20), SendWay.Again, 10), (_lane.Waiting()!.Value.Range, _lane.Waiting()!.Value.Way, _lane.Settled));
        _lane.LeaveBehind(60);
        Assert.Equal((new LineRange(50, 60), SendWay.Backlog), _lane.Waiting());
        _lane.Answered(new LineRange(10, 20), SendWay.Again, First, Hold, null, []);
        Assert.Equal(10, _lane.Seen(Second, Hold + 1, Hold));
        Assert.Equal((new LineRange(10, 20), SendWay.Again), Skip(new LineRange(50, 60)));
    }

    [Fact]
    public void After_a_restart_of_ours_the_target_decides_whether_we_go_on_from_sent_or_from_settled()
    {
        var memory = new LaneMemory(Next: 100, Settled: 40, First, [(new LineRange(60, 70), false)]);
        _lane.Restore(memory, first: 0, end: 120, nowMs: 5_000);
        Assert.Equal((100, 40, 90), (_lane.Next, _lane.Settled, _lane.HeldLines + 40));
        Assert.Equal(0, _lane.Seen(First, 35_000, Hold));
        Assert.Equal(60, _lane.Settled);

        var other = new LaneProgress("t", "telemetry", rewinds: false);
        other.Restore(memory, 0, 120, 5_000);
        Assert.Equal(50, other.Seen(Second, 6_000, Hold));
        Assert.Equal((new LineRange(40, 100), 100), (other.Waiting()!.Value.Range, other.Next));
    }

    [Fact]
    public void A_store_that_begins_anew_takes_the_cursor_back()
    {
        _lane.Restore(new LaneMemory(1_000, 900, First, [(new LineRange(910, 920), true)]), first: 0, end: 5, nowMs: 0);
        Assert.Equal((5, 5, null), (_lane.Next, _lane.Settled, _lane.Waiting()));
    }

    [Fact]
    public void Points_count_once_they_settle_and_refused_lines_go_with_the_cursor()
    {
        var counts = new PointCounts();
        counts.Add(new PointShape("m", ["v"]), 0, 1, 0);
        var refused = new RefusedLine("t", "telemetry", 1, [1], "words");
        _lane.Answered(new LineRange(0, 2), SendWay.Live, First, 0, counts, [refused]);
        var early = _lane.TakeChanges()!;
        Assert.Equal((refused, 0), (Assert.Single(early.Refused), early.Counted.Count));
        Assert.Null(_lane.TakeChanges());
        _lane.Seen(First, Hold, Hold);
        Assert.Same(counts, Assert.Single(_lane.TakeChanges()!.Counted));
    }

    [Fact]
    public void What_was_held_when_we_stopped_is_counted_anew()
    {
        _lane.Restore(new LaneMemory(10, 4, First, []), 0, 10, nowMs: 0);
        var asked = new List<LineRange>();
        var counts = new PointCounts();
        counts.Add(new PointShape("m", ["v"]), 0, 1, 4);
        _lane.CountHeld(range =>
        {
            asked.Add(range);
            return counts;
        });
        _lane.Seen(First, Hold, Hold);
        Assert.Equal([new LineRange(4, 10)], asked);
        Assert.Same(counts, Assert.Single(_lane.TakeChanges()!.Counted));
    }

    /// <summary>A target that takes lines into memory, writes them to its disk now and then, and is killed at any moment; a gateway that is killed too.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20_261_121)]
    public void Whenever_target_and_gateway_die_nothing_settled_is_lost_and_everything_gets_there(int seed)
    {
        var random = new Random(seed);
        var (onDisk, inMemory) = (new HashSet<long>(), new HashSet<long>());
        double life = 1;
        long nowMs = 0, committed = 0, checkedTo = 0;
        var lane = new LaneProgress("t", "telemetry", rewinds: false);
        var disk = LaneMemory.Empty;
        for (int step = 0; step < 20_000; step++)
        {
            nowMs += random.Next(200);
            switch (random.Next(20))
            {
                case 0 when step < 15_000:
                    // Flushed every twenty steps, 4 s, at the latest, so that a hold of 30 s is enough; killed with what came since.
                    inMemory.Clear();
                    life++;
                    break;
                case 1 when step < 15_000:
                    lane = new LaneProgress("t", "telemetry", rewinds: false);
                    lane.Restore(disk, 0, committed, nowMs);
                    break;
                case 2 or 3: lane.Seen(new TargetStart(life), nowMs, Hold); break;
                case 4: disk = lane.TakeChanges()?.Memory ?? disk; break;
                case 5: lane.LeaveBehind(lane.Next + random.NextInt64(committed - lane.Next + 1)); break;
                case 6: Flush(); break;
                case 7 or 8 or 9: Send(); break;
                case 10 or 11 or 12: SendBacklog(); break;
                default: committed += step < 15_000 ? random.Next(4) : 0; break;
            }
            for (; checkedTo < lane.Settled; checkedTo++) Assert.True(onDisk.Contains(checkedTo), $"seed {seed}, step {step}: line {checkedTo} is settled and not on the target's disk");
            if (step % 20 == 0) Flush();
        }
        for (int i = 0; i < 1_000 && (lane.Settled < committed || i < 3); i++)
        {
            Send();
            SendBacklog();
            nowMs += Hold;
            lane.Seen(new TargetStart(life), nowMs, Hold);
        }
        Flush();
        Assert.Equal((committed, committed), (lane.Settled, onDisk.Count));

        void Flush()
        {
            onDisk.UnionWith(inMemory);
            inMemory.Clear();
        }

        void Send()
        {
            long to = Math.Min(committed, lane.Next + 7);
            if (to > lane.Next) Take(new LineRange(lane.Next, to), SendWay.Live);
        }

        void SendBacklog()
        {
            if (lane.Waiting() is var (range, way)) Take(range with { To = Math.Min(range.To, range.From + 9) }, way);
        }

        void Take(LineRange range, SendWay way)
        {
            // What was last seen may be an older life than the one that answers.
            for (long line = range.From; line < range.To; line++) inMemory.Add(line);
            lane.Answered(range, way, new TargetStart(life - (random.Next(10) == 0 ? 1 : 0)), nowMs, null, []);
        }
    }

    private void Answer(long from, long to, TargetStart? before, long atMs) => _lane.Answered(new LineRange(from, to), SendWay.Live, before, atMs, null, []);

    private (LineRange, SendWay) Skip(LineRange range)
    {
        _lane.Answered(range, SendWay.Backlog, Second, 0, null, []);
        var (next, way) = _lane.Waiting()!.Value;
        return (next, way);
    }
}
