using FirmwareSim.Devices;
using FirmwareSim.Wire.Boxes;

namespace FirmwareSim.Tests.Wire;

public sealed class KeptFramesTests
{
    private readonly HandClock _clock = new();
    private readonly Traffic _traffic = new();

    [Fact]
    public void One_frame_is_under_way_at_a_time_and_an_answer_brings_the_next()
    {
        var kept = Keep(2);
        Assert.Equal([1, 3], kept.TakeDue());
        Assert.Null(kept.TakeDue());
        kept.Acknowledge(0x91);
        Assert.Null(kept.TakeDue());
        kept.Acknowledge(0x90);
        Assert.Equal([2, 3], kept.TakeDue());
        Assert.Equal(1, _traffic.Acknowledged);
    }

    [Fact]
    public void What_stays_unanswered_goes_again_three_times_counting_down_and_is_then_given_up()
    {
        var kept = Keep(1);
        var tries = new List<int>();
        for (int i = 0; i < 6; i++)
        {
            if (kept.TakeDue() is { } frame) tries.Add(frame[1]);
            _clock.Advance(KeptFrames.ReplyTimeout.TotalSeconds);
        }
        Assert.Equal([3, 2, 1, 0], tries);
        Assert.Equal((1, 1, 0), (_traffic.Sent, _traffic.Dropped, kept.Count));
    }

    [Fact]
    public void A_new_connection_begins_anew()
    {
        var kept = Keep(1);
        kept.TakeDue();
        kept.Rewind();
        Assert.Equal([1, 3], kept.TakeDue());
    }

    [Fact]
    public void A_full_memory_loses_its_oldest_and_counts_it()
    {
        var kept = Keep(KeptFrames.FramesMax + 2);
        Assert.Equal((KeptFrames.FramesMax, 2), (kept.Count, _traffic.Dropped));
        Assert.Equal([3, 3], kept.TakeDue());
    }

    private KeptFrames Keep(int count)
    {
        var kept = new KeptFrames(_traffic, _clock);
        for (int i = 1; i <= count; i++)
        {
            byte number = (byte)i;
            kept.Add(0x90, triesLeft => [number, (byte)triesLeft]);
        }
        return kept;
    }
}
