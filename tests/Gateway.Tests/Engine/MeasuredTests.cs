using Gateway.Domain.Readings;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What a device tells later proves that it measured.</summary>
public sealed class MeasuredTests
{
    private readonly EngineRun _run = new(TestSite.Ten);

    [Fact]
    public void Records_told_later_become_one_span_when_the_telling_is_over_and_no_life()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Pass(600);
        long onlineMs = _run.Total("c1", Domain.Presence.PresenceState.Online);
        _run.Measure("c1", "load_t", 1);
        for (int n = 0; n < 20; n++) Tell("c1", TestSite.Ten + 100_000 + n * 20_000);
        _run.Pass(59);
        Assert.Empty(Proved());
        _run.Measure("c1", "load_t", 1);
        _run.Pass(2);

        var proved = Assert.Single(Proved());
        Assert.Equal((TestSite.Ten + 100_000, TestSite.Ten + 500_000), (proved.FromMs, proved.ToMs));
        Assert.Equal(onlineMs + 61_000, _run.Total("c1", Domain.Presence.PresenceState.Online));
    }

    [Fact]
    public void What_lies_in_an_interval_that_is_still_open_waits_for_its_end()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Pass(600);
        Tell("c1", TestSite.Ten + 100_000);
        _run.Pass(200);
        Assert.Empty(Proved());
        _run.Measure("c1", "load_t", 1);
        _run.Pass(59);
        _run.Measure("c1", "load_t", 1);
        _run.Pass(2);
        Assert.Equal(TestSite.Ten + 100_000, Assert.Single(Proved()).FromMs);
    }

    [Fact]
    public void A_record_without_a_time_a_bad_value_and_a_retained_message_prove_nothing()
    {
        _run.Pass(600);
        var sample = _run.Site.Sample("c1", "load_t", 1);
        _run.Do(e => e.Read(Record("c1", TestSite.Ten + 100_000, ReadingFlags.Backfill) with { MeasuredAtMs = 0 }, [sample]));
        _run.Do(e => e.Read(Record("c1", TestSite.Ten + 100_000, ReadingFlags.Backfill), [_run.Site.Sample("c1", "load_t", 1, SampleQuality.Bad)]));
        _run.Do(e => e.Read(Record("c1", TestSite.Ten + 100_000, ReadingFlags.Retained), [sample]));
        _run.Do(e => e.EndProofs());
        Assert.Empty(Proved());
    }

    [Fact]
    public void More_spans_than_are_held_are_said_at_once_and_none_is_lost()
    {
        _run.Pass(10_000);
        for (int n = 0; n < 100; n++) Tell("c1", TestSite.Ten + n * 60_000);
        Assert.Equal(64, Proved().Count());
        _run.Do(e => e.EndProofs());
        Assert.Equal(Enumerable.Range(0, 100).Select(n => TestSite.Ten + n * 60_000L), Proved().Select(p => p.FromMs));
        Assert.All(Proved(), p => Assert.Equal(20_000, p.ToMs - p.FromMs));
    }

    private IEnumerable<MeasuringProved> Proved() => _run.Said.OfType<MeasuringProved>();

    private void Tell(string device, long measuredMs) => _run.Do(e => e.Read(Record(device, measuredMs, ReadingFlags.Backfill), [_run.Site.Sample(device, "load_t", 1)]));

    private Reading Record(string device, long measuredMs, ReadingFlags flags) => new()
    {
        Device = _run.Site.IndexOf(device), Kind = ReadingKind.Measurement, Flags = flags, MeasuredAtMs = measuredMs, ReceivedAtMs = _run.NowMs, PointAtUs = measuredMs * 1000,
    };
}
