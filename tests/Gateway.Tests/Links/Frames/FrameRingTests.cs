using Gateway.Links.Frames;
using Xunit;

namespace Gateway.Tests.Links.Frames;

public sealed class FrameRingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_holds_the_newest_frames_whole_and_in_order_whatever_their_sizes(int seed)
    {
        const int BytesMax = 8 * 1024;
        var random = new Random(seed);
        var ring = new FrameRing("bus-1", "modbus", BytesMax);
        var all = new List<byte[]>();
        for (int i = 0; i < 5_000; i++)
        {
            byte[] frame = new byte[random.Next(3) == 0 ? random.Next(600, 1_036) : random.Next(0, 30)];
            random.NextBytes(frame);
            all.Add(frame);
            ring.Add((FrameDirection)(i % 2), frame, i, i % 3 == 0 ? "crc" : "ok", $"device-{i % 4}");
            if (i % 97 != 0) continue;

            var kept = ring.Since(0);
            Assert.Equal(Enumerable.Range(all.Count - kept.Count, kept.Count).Select(n => (long)n), kept.Select(f => f.Number));
            Assert.All(kept, f => Assert.Equal(all[(int)f.Number], f.Bytes));
            Assert.All(kept, f => Assert.Equal((f.Number, (FrameDirection)(f.Number % 2), f.Number % 3 == 0 ? "crc" : "ok", $"device-{f.Number % 4}"), (f.AtUs, f.Direction, f.Verdict, f.Device)));
            // As much as there is room for: one more of the longest would not have fitted.
            if (kept.Count < Math.Min(all.Count, FrameRing.FramesMax)) Assert.InRange(kept.Sum(f => f.Bytes.Length), BytesMax - 2 * 1_036, BytesMax);
        }
        Assert.Equal((all.Count, all.Count), (ring.Count, ring.Verdicts().Values.Sum()));
    }

    [Fact]
    public void Of_a_frame_that_is_too_long_the_beginning_and_the_length_are_kept()
    {
        var ring = new FrameRing("c", "goyo");
        ring.Add(FrameDirection.Received, new byte[70_000], 1, "tooLong");
        var only = Assert.Single(ring.Since(0));
        Assert.Equal((FrameRing.FrameBytesMax, 70_000), (only.Bytes.Length, only.Length));
    }

    [Fact]
    public void Reading_goes_on_where_it_stopped()
    {
        var ring = new FrameRing("b", "modbus");
        for (byte i = 0; i < 10; i++) ring.Add(FrameDirection.Sent, [i], i, "ok");
        Assert.Equal([3L, 4, 5], ring.Since(3, 3).Select(f => f.Number));
        Assert.Empty(ring.Since(10));
        Assert.False(ring.Knows("nobody"));
    }

    [Fact]
    public void Adding_allocates_nothing_once_it_has_grown()
    {
        var ring = new FrameRing("b", "modbus");
        byte[] frame = new byte[30];
        for (int i = 0; i < 20_000; i++) ring.Add(FrameDirection.Received, frame, i, "ok", "wind-1");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) ring.Add(FrameDirection.Received, frame, i, "ok", "wind-1");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Rings_of_addresses_are_bounded_and_those_of_buses_stay()
    {
        var rings = new FrameRings();
        rings.OfBus("bus-1", "modbus");
        for (int i = 0; i < FrameRings.ConnectionsMax + 10; i++) rings.OfConnection("hj212", $"10.0.{i / 250}.{i % 250}");
        Assert.Equal(FrameRings.ConnectionsMax + 1, rings.All.Count());
        Assert.NotNull(rings.Find("bus-1"));
        Assert.Null(rings.Find("hj212@10.0.0.0"));
        Assert.Same(rings.OfConnection("hj212", "10.0.1.1"), rings.Find("hj212@10.0.1.1"));
    }
}
