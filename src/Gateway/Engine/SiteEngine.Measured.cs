using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;

namespace Gateway.Engine;

/// <summary>What devices tell later proves that they measured meanwhile: gathered while it comes, said when it ends. Costs live messages one comparison.</summary>
public sealed partial class SiteEngine
{
    /// <summary>A back-fill that was quiet this long is over.</summary>
    public const long ProofQuietMs = 60_000;

    /// <summary>What a recalled mean stands for where the ledger does not say: the minute data of HJ 212 loggers.</summary>
    private const int AggregateMinutes = 10;

    private readonly Dictionary<int, Proof> _proofs = [];

    /// <summary>Says all that was gathered, whether or not more may come.</summary>
    public void EndProofs()
    {
        foreach (var proof in _proofs.Values) Say(proof, long.MaxValue);
        _proofs.Clear();
    }

    /// <summary>Its index means nothing any more after this round.</summary>
    private void EndProof(DeviceState device)
    {
        if (_proofs.Remove(device.Index, out var proof)) Say(proof, long.MaxValue);
    }

    private void Prove(DeviceState device, in Reading reading)
    {
        // A record without a time proves nothing; one that was read again after a crash has the time of its point.
        bool timed = reading.MeasuredAtMs != 0 || (reading.Flags & ReadingFlags.Replayed) != 0;
        if (!timed || (reading.Kind != device.Profile.Life && reading.Kind != ReadingKind.Aggregate)) return;
        long fromMs = reading.PointAtUs / 1000, toMs = Math.Min(fromMs + StandsForMs(device.Device, reading.Kind), reading.ReceivedAtMs);
        if (toMs <= fromMs) return;
        if (!_proofs.TryGetValue(device.Index, out var proof)) _proofs.Add(device.Index, proof = new Proof(device.Index, device.Presence));
        proof.LastMs = reading.ReceivedAtMs;
        if (proof.Spans.Add(fromMs, toMs)) return;
        Say(proof, long.MaxValue);
        proof.Spans.Add(fromMs, toMs);
    }

    private void SayProofs(long nowMs)
    {
        if (_proofs.Count == 0) return;
        foreach (var proof in _proofs.Values)
        {
            if (nowMs - proof.LastMs < ProofQuietMs) continue;
            // What lies in an interval that is still open waits for its row.
            Say(proof, proof.Presence.State is PresenceState.Online or PresenceState.NotInService ? long.MaxValue : proof.Presence.IntervalFromMs);
            proof.LastMs = nowMs;
        }
        foreach (int told in _proofs.Where(p => p.Value.Spans.Count == 0).Select(p => p.Key).ToList()) _proofs.Remove(told);
    }

    private void Say(Proof proof, long beforeMs)
    {
        foreach (var (fromMs, toMs) in proof.Spans.TakeBefore(beforeMs)) Output.Transitions.Add(new MeasuringProved(proof.Device, fromMs, toMs));
    }

    private static long StandsForMs(Device device, ReadingKind kind) =>
        kind == ReadingKind.Aggregate && device.Link == LinkKind.Hj212 ? (device.Hj212.MinuteInterval ?? AggregateMinutes) * 60_000L : device.ExpectedMs;

    /// <summary>What one device has told so far.</summary>
    private sealed class Proof(int device, DevicePresence presence)
    {
        public int Device { get; } = device;

        public DevicePresence Presence { get; } = presence;

        public MeasuredSpans Spans { get; } = new();

        public long LastMs { get; set; }
    }
}
