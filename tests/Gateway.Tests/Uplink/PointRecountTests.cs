using System.Text;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Uplink.Audit;
using Gateway.Uplink.Progress;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class PointRecountTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Exactly_the_lines_of_the_range_are_counted_each_point_once()
    {
        using var store = TelemetryStore.Open(_folder.File("telemetry.db"));
        for (int segment = 0; segment < 4; segment++)
            store.Append(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(segment * 5, 5).Select(i => $"m v={i} {i % 17}000000\n"))), 5, 0);
        using var reader = new TelemetryReader(store.Path);
        for (int from = 0; from < 20; from++)
            for (int to = from; to <= 20; to++)
            {
                long points = Enumerable.Range(from, to - from).Select(i => i % 17).Distinct().Count();
                var counts = PointRecount.Of(reader, new LineRange(from, to), wholeMs: true);
                Assert.Equal((from, to, points), (from, to, counts.All.Sum(t => t.Tally.Points)));
            }
        Assert.Equal(17, PointRecount.Run(reader, Hour(0, 20), wholeMs: true)![("m", "v")]);
        Assert.Null(PointRecount.Run(reader, Hour(0, 21), wholeMs: true));
        store.Trim(s => s.FirstLine < 5, 1, dropped: false);
        Assert.Null(PointRecount.Run(reader, Hour(0, 20), wholeMs: true));
    }

    private static SettledHour Hour(long from, long to) => new("t", 0, from, to, HourState.Open, 0);
}
