using System.Text;
using FirmwareSim.Devices;
using FirmwareSim.Wire.Hj212;

namespace FirmwareSim.Tests.Wire;

public sealed class Hj212ReplyTests
{
    private const string DataAnswer = "##0087QN=20220315101500123;ST=91;CN=9014;PW=123456;MN=NB0203000000000000000001;Flag=4;CP=&&&&F141\r\n";
    private const string RequestAnswer = "##0094QN=20220315080000000;ST=91;CN=9011;PW=123456;MN=NB0203000000000000000001;Flag=4;CP=&&QnRtn=1&&C5C1\r\n";

    private readonly HandClock _clock = new();
    private readonly Traffic _traffic = new();
    private readonly PendingFrames _pending;

    public Hj212ReplyTests() => _pending = new PendingFrames(_traffic, _clock);

    [Fact]
    public void Replies_are_found_however_the_bytes_are_cut()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(DataAnswer + RequestAnswer);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new Hj212ReplyReader();
            Hj212Reply[] replies = [.. reader.Feed(bytes.AsSpan(0, cut)), .. reader.Feed(bytes.AsSpan(cut))];
            Assert.Equal([new Hj212Reply(9014, "20220315101500123", 1), new Hj212Reply(9011, "20220315080000000", 1)], replies);
        }
    }

    [Fact]
    public void Noise_and_a_wrong_checksum_are_skipped_and_the_next_reply_is_found()
    {
        var reader = new Hj212ReplyReader();
        string damaged = DataAnswer.Replace("F141", "F142", StringComparison.Ordinal);
        IReadOnlyList<Hj212Reply> replies = reader.Feed(Encoding.ASCII.GetBytes($"x#y##z{damaged}#{DataAnswer}"));
        Assert.Equal(9014, Assert.Single(replies).Command);
        Assert.Equal(3, reader.TakeBadFrames());
        Assert.Equal(0, reader.TakeBadFrames());
    }

    [Fact]
    public void An_unacknowledged_frame_is_repeated_every_ten_seconds_three_times_and_then_given_up()
    {
        _pending.Add("20220315101500123", [1, 2, 3]);
        Assert.Empty(_pending.TakeDue());
        for (int repeat = 1; repeat <= 3; repeat++)
        {
            _clock.Advance(9.9);
            Assert.Empty(_pending.TakeDue());
            _clock.Advance(0.1);
            Assert.Equal([1, 2, 3], Assert.Single(_pending.TakeDue()));
        }
        _clock.Advance(10);
        Assert.Empty(_pending.TakeDue());
        Assert.Equal((1, 0, 1), (_traffic.Sent, _traffic.Acknowledged, _traffic.Dropped));
    }

    [Fact]
    public void A_9014_ends_the_repetition_of_its_own_frame_only()
    {
        _pending.Add("20220315101500123", [1]);
        _pending.Add("20220315101505123", [2]);
        _pending.Settle(new Hj212Reply(9014, "20220315101500123", 1));
        _pending.Settle(new Hj212Reply(9014, "20220315101500123", 1));
        _clock.Advance(10);
        Assert.Equal([2], Assert.Single(_pending.TakeDue()));
        Assert.Equal(1, _traffic.Acknowledged);
    }

    [Fact]
    public void A_9011_that_says_ready_changes_nothing_and_one_that_refuses_ends_the_repetition()
    {
        _pending.Add("20220315101500123", [1]);
        _pending.Settle(new Hj212Reply(9011, "20220315101500123", 1));
        Assert.Equal(0, _traffic.Dropped);
        _pending.Settle(new Hj212Reply(9011, "20220315101500123", 9));
        Assert.Equal(1, _traffic.Dropped);
        _clock.Advance(10);
        Assert.Empty(_pending.TakeDue());
    }
}
