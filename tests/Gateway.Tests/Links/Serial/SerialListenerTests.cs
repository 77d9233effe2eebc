using Gateway.Links.Serial;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Serial;

[Collection(SerialPortsCollection.Name)]
public sealed class SerialListenerTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();

    private string Link => _folder["adapter"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_arrive_with_their_time_and_silence_is_told_every_tenth_of_a_second()
    {
        var talker = new RecordingTalker();
        using var adapter = PseudoTerminal.Plug(Link);
        using var listener = Listen(talker);
        talker.WaitFor(t => t.Count("opened") == 1);
        long before = TimeProvider.System.GetTimestamp();
        adapter.Write([1, 2, 3]);
        talker.WaitFor(t => t.Bytes.Length == 3);
        Assert.Equal([1, 2, 3], talker.Bytes);
        Assert.InRange(talker.LastTimestamp, before, TimeProvider.System.GetTimestamp());

        int idle = talker.Count("idle");
        long quiet = TimeProvider.System.GetTimestamp();
        talker.WaitFor(t => t.Count("idle") >= idle + 5);
        Assert.InRange(TimeProvider.System.GetElapsedTime(quiet).TotalMilliseconds, 380, 5_000);
    }

    [Fact]
    public void Frames_of_other_threads_and_of_the_talker_itself_leave_in_order()
    {
        SerialListener? listener = null;
        var talker = new RecordingTalker { OnChunk = _ => listener!.Send([9]) };
        using var adapter = PseudoTerminal.Plug(Link);
        using (listener = Listen(talker))
        {
            talker.WaitFor(t => t.Count("opened") == 1);
            long start = TimeProvider.System.GetTimestamp();
            for (byte i = 1; i <= 5; i++) listener.Send([i, i]);
            Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], Collect(adapter, 10));
            // Without the wake-up each would wait for the idle tick.
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
            adapter.Write([7]);
            Assert.Equal([9], Collect(adapter, 1));
            Assert.Equal(0, listener.FramesDropped);
        }
    }

    [Fact]
    public void A_missing_port_is_lost_once_and_its_frames_are_dropped_and_counted()
    {
        var talker = new RecordingTalker();
        using var listener = Listen(talker);
        talker.WaitFor(t => t.Count("lost") == 1);
        listener.Send([1]);
        listener.Send([2]);
        Assert.Equal(2, listener.FramesDropped);
        Assert.StartsWith($"lost: port {Link}: no such device", talker.Told[0], StringComparison.Ordinal);

        using var adapter = PseudoTerminal.Plug(Link);
        talker.WaitFor(t => t.Count("opened") == 1);
        listener.Send([3]);
        Assert.Equal([3], Collect(adapter, 1));
        Assert.Equal(1, talker.Count("lost"));
    }

    [Fact]
    public void An_adapter_pulled_and_plugged_again_and_again_leaves_no_descriptor_and_no_thread()
    {
        int before = PseudoTerminal.CountDescriptors();
        var talker = new RecordingTalker();
        using (var listener = Listen(talker))
        {
            for (int round = 1; round <= 5; round++)
            {
                using var adapter = PseudoTerminal.Plug(Link);
                talker.WaitFor(t => t.Count("opened") == round);
                adapter.Write([(byte)round]);
                talker.WaitFor(t => t.Bytes.Length == round);
                int lost = talker.Count("lost");
                adapter.Dispose();
                talker.WaitFor(t => t.Count("lost") == lost + 1);
            }
            listener.Stop(s_long);
            listener.Send([1]);
            Assert.Equal(1, listener.FramesDropped);
        }
        Assert.Equal([1, 2, 3, 4, 5], talker.Bytes);
        Assert.Equal(before, PseudoTerminal.CountDescriptors());
    }

    private SerialListener Listen(RecordingTalker talker)
    {
        var listener = new SerialListener("bus-1", new SerialPortOptions(Link, 9600, SerialFraming.EightNone1), talker, TimeProvider.System, NullLogger.Instance);
        listener.Start();
        return listener;
    }

    private static byte[] Collect(PseudoTerminal adapter, int count)
    {
        byte[] all = new byte[count];
        for (int have = 0; have < count;)
        {
            int got = adapter.Read(all.AsSpan(have), s_long);
            Assert.True(got > 0, $"expected {count} bytes, got {have}");
            have += got;
        }
        return all;
    }
}
