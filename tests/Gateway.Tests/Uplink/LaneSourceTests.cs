using System.Text;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Uplink.Sending;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class LaneSourceTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_batch_size_from_any_line_gives_every_line_once_and_in_order()
    {
        using var store = TelemetryStore.Open(_folder.File("telemetry.db"));
        string[] lines = Fill(store, 1, 7, 2, 5, 1, 4);
        using var source = new TelemetryLaneSource(store.Path);
        for (int from = 0; from <= lines.Length; from++)
            for (int size = 1; size <= lines.Length + 1; size++)
            {
                var read = new List<string>();
                long next = from;
                for (var batch = source.Read(next, size); batch.Count > 0; batch = source.Read(next, size))
                {
                    var some = Split(batch.Lines);
                    Assert.Equal((batch.Count, batch.Next), (some.Length, next + batch.Count));
                    Assert.True(batch.Count <= size);
                    read.AddRange(some);
                    next = batch.Next;
                }
                Assert.Equal(lines[from..], read);
            }
    }

    [Fact]
    public void Segments_that_were_given_up_are_stepped_over()
    {
        using var store = TelemetryStore.Open(_folder.File("telemetry.db"));
        string[] lines = Fill(store, 3, 3, 3);
        store.Trim(s => s.FirstLine < 3, 10, dropped: true);
        using var source = new TelemetryLaneSource(store.Path);

        var batch = source.Read(1, 4);

        Assert.Equal(lines[3..7], Split(batch.Lines));
        Assert.Equal((3, 7), (batch.First, batch.Next));
        Assert.Equal(0, source.Read(9, 4).Count);
    }

    [Fact]
    public void Rows_of_lane_one_come_whole_and_the_cursor_stands_behind_them()
    {
        using var state = StateStore.Open(_folder.File("state.db"));
        state.Commit(() =>
        {
            for (int row = 1; row <= 5; row++) state.AppendLaneOne(Encoding.UTF8.GetBytes($"a v={row} 1\nb v={row} 1\n"), 2);
        });
        using var source = new AlarmLaneSource(state.Path);

        var first = source.Read(0, 3);
        var second = source.Read(first.Next, 100);

        Assert.Equal((4, 3), (first.Count, first.Next));
        Assert.Equal((6, 6), (second.Count, second.Next));
        Assert.Equal("a v=3 1", Split(second.Lines)[0]);
        Assert.Equal(0, source.Read(second.Next, 100).Count);
    }

    private static string[] Fill(TelemetryStore store, params int[] segments)
    {
        var all = new List<string>();
        foreach (int count in segments)
        {
            string[] some = [.. Enumerable.Range(all.Count, count).Select(i => $"m v={i} {i}")];
            store.Append(Encoding.UTF8.GetBytes(string.Concat(some.Select(l => l + "\n"))), count, all.Count);
            all.AddRange(some);
        }
        return [.. all];
    }

    private static string[] Split(ReadOnlyMemory<byte> lines) => Encoding.UTF8.GetString(lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
