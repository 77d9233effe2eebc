using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Hj212;

/// <summary>
/// Frames that wait for their 9014: each is repeated every 10 s, three times, and then given up and counted (HJ 212-2017, default OverTime
/// and
/// ReCount). A frame lives 40 s at most, which is what bounds their number. Safe from any thread.
/// </summary>
internal sealed class PendingFrames(Traffic traffic, TimeProvider time)
{
    public const int RepeatsMax = 3;
    public static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<PendingFrame> _frames = [];

    /// <summary>Remembers a frame that leaves now for the first time.</summary>
    public void Add(string requestNumber, byte[] bytes)
    {
        lock (_gate) _frames.Add(new PendingFrame(requestNumber, bytes, time.GetTimestamp()));
        traffic.CountSent();
    }

    /// <summary>The frames to repeat now.</summary>
    public IReadOnlyList<byte[]> TakeDue()
    {
        lock (_gate)
        {
            List<PendingFrame> due = _frames.FindAll(f => time.GetElapsedTime(f.SentAt) >= ReplyTimeout);
            foreach (PendingFrame frame in due.Where(f => f.Repeats == RepeatsMax))
            {
                _frames.Remove(frame);
                traffic.CountDropped();
            }
            due.RemoveAll(f => f.Repeats == RepeatsMax);
            foreach (PendingFrame frame in due)
            {
                frame.Repeats++;
                frame.SentAt = time.GetTimestamp();
            }
            return due.ConvertAll(f => f.Bytes);
        }
    }

    /// <summary>
    /// Ends the wait for the frame a reply names: 9014 confirms it, a 9011 other than "ready" refuses it; anything else is not about it.
    /// </summary>
    public void Settle(Hj212Reply reply)
    {
        bool isConfirmed = reply.Command == Hj212Reply.DataAnswer;
        bool isRefused = reply is { Command: Hj212Reply.RequestAnswer, Result: not 1 };
        if (!isConfirmed && !isRefused) return;
        lock (_gate)
        {
            if (_frames.RemoveAll(f => f.RequestNumber == reply.RequestNumber) == 0) return;
        }
        if (isConfirmed) traffic.CountAcknowledged();
        else traffic.CountDropped();
    }

    private sealed class PendingFrame(string requestNumber, byte[] bytes, long sentAt)
    {
        public string RequestNumber { get; } = requestNumber;

        public byte[] Bytes { get; } = bytes;

        public long SentAt { get; set; } = sentAt;

        public int Repeats { get; set; }
    }
}
