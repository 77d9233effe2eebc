using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.History;

/// <summary>Rows for a chart: never too many, extremes never lost, silence visible.</summary>
public sealed class HistoryReaderTests : IDisposable
{
    private const long HourMs = 3_600_000;

    private readonly TempDirectory _folder = new();
    private readonly HistoryRig _rig;

    public HistoryReaderTests() => _rig = new HistoryRig(_folder.Path);

    public void Dispose()
    {
        _rig.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(600, 1000, "raw", 0)]
    [InlineData(3600, 1000, "1m", 60_000)]
    [InlineData(3600, 50, "1m", 120_000)]
    [InlineData(3600, 10, "1m", 600_000)]
    [InlineData(12 * 3600, 20, "15m", 3_600_000)]
    public void The_finest_resolution_is_chosen_that_fits_into_the_points(int seconds, int points, string resolution, long stepMs)
    {
        Say(seconds);
        var frame = _rig.Read(points: points, resolution: null);
        Assert.Equal((resolution, stepMs), (frame.Resolution, frame.StepMs));
        Assert.InRange(frame.Rows, 2, points);
        Assert.Equal(frame.TimesMs.ToArray().Order(), frame.TimesMs.ToArray());
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("1m")]
    [InlineData("15m")]
    public void A_single_peak_survives_any_down_sampling(string resolution)
    {
        Say(5 * 3600, peakAt: 7777);
        foreach (int points in (int[])[10, 33, 200])
        {
            var frame = _rig.Read(points: points, resolution: resolution);
            Assert.InRange(frame.Rows, 2, points);
            var figures = frame.RollUps();
            Assert.Equal((99, -1), (figures.Max(f => f.Max), figures.Min(f => f.Min)));
            Assert.Equal(5 * 3600, figures.Sum(f => f.Count));
        }
    }

    [Fact]
    public void A_silence_longer_than_the_device_may_be_silent_is_a_row_of_holes()
    {
        Say(100);
        _rig.NowMs += 10 * 60_000;
        Say(100);
        var raw = _rig.Read();
        Assert.Equal(201, raw.Rows);
        Assert.True(double.IsNaN(raw.Fields[0].Last(100)));
        Assert.True(raw.TimesMs[100] > raw.TimesMs[99] && raw.TimesMs[100] < raw.TimesMs[101]);
        var minutes = _rig.Read(resolution: "1m");
        Assert.Equal(1, Enumerable.Range(0, minutes.Rows).Count(r => minutes.Fields[0].Count(r) == 0));
    }

    [Fact]
    public void Raw_that_is_gone_is_not_chosen_and_minutes_take_its_place()
    {
        Say(300);
        _rig.NowMs += 48 * HourMs;
        Say(300);
        var frame = _rig.Read(resolution: null);
        Assert.Equal(600, frame.RollUps().Sum(f => f.Count));
        Assert.NotEqual("raw", frame.Resolution);
        Assert.Equal("raw", _rig.Read(fromMs: _rig.NowMs - HourMs, resolution: null).Resolution);
    }

    [Fact]
    public void The_window_is_kept_to_the_millisecond_and_fields_that_never_came_are_holes()
    {
        Say(100);
        var frame = _rig.Read("wind_mps,load_t", HistoryRig.Start + 10_000, HistoryRig.Start + 20_000);
        Assert.Equal(Enumerable.Range(10, 10).Select(i => HistoryRig.Start + i * 1000L), frame.Values(1).Select(v => v.AtMs));
        Assert.Empty(frame.Values(0));
        Assert.Equal(10, frame.Rows);
    }

    [Fact]
    public void A_window_without_anything_is_empty_at_every_resolution()
    {
        _rig.Write();
        foreach (string? resolution in (string?[])[null, "raw", "1m", "15m"]) Assert.Equal(0, _rig.Read(fromMs: 1, resolution: resolution).Rows);
    }

    private void Say(int seconds, int peakAt = -1)
    {
        for (int i = 0; i < seconds; i++, _rig.NowMs += 1000)
        {
            _rig.Load(_rig.NowMs, i == peakAt ? 99 : i == peakAt + 5000 ? -1 : i % 50 / 10.0);
            if (i % 2000 == 1999) _rig.Write();
        }
        _rig.Write();
    }
}
