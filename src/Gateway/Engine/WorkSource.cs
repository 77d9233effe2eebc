using Gateway.Domain.Readings;

namespace Gateway.Engine;

/// <summary>What one device's own signals say of whether its machine works, sample by sample.</summary>
/// <param name="bridgeMs">A longer gap between two samples vouches for nothing, ms.</param>
internal sealed class WorkSource(WorkingEvidence evidence, int operatorSlot, int bridgeMs)
{
    private readonly double[] _previous = [.. evidence.Any.Select(_ => double.NaN)];
    private long _lastMs;

    public int BridgeMs { get; } = bridgeMs;

    public bool Working { get; private set; }

    /// <summary>Since when it works without a gap, ms; means nothing while it does not.</summary>
    public long SinceMs { get; private set; }

    /// <summary>Number of the text that names the operator, 0 = nobody.</summary>
    public int Operator { get; private set; }

    /// <summary>Safety devices of its machine, itself not among them: their machine works when it says so.</summary>
    public DeviceState[] Others { get; set; } = [];

    /// <summary>Takes what a measurement has just brought.</summary>
    /// <returns>The time it vouches for: since the sample before, when that one showed work and the gap is bridged; else empty.</returns>
    public WorkPiece Take(DeviceState state, long atMs)
    {
        bool bridged = _lastMs > 0 && atMs > _lastMs && atMs - _lastMs <= BridgeMs;
        var piece = new WorkPiece(bridged && Working ? _lastMs : atMs, atMs, Operator);
        bool works = Shows(state, atMs);
        if (works && !(Working && bridged)) SinceMs = atMs;
        bool named = operatorSlot >= 0 && state.ReceivedAtMs[operatorSlot] == atMs && state.Qualities[operatorSlot] == SampleQuality.Good;
        (_lastMs, Working, Operator) = (atMs, works, named ? (int)state.Values[operatorSlot] : 0);
        return piece;
    }

    private bool Shows(DeviceState state, long atMs)
    {
        bool shows = false;
        for (int i = 0; i < _previous.Length; i++)
        {
            var sign = evidence.Any[i];
            if (state.ReceivedAtMs[sign.Slot] != atMs || state.Qualities[sign.Slot] != SampleQuality.Good) continue;
            double value = state.Values[sign.Slot];
            shows |= sign.Shows(value, _previous[i]);
            _previous[i] = value;
        }
        return shows;
    }
}

/// <summary>Time that one sample vouches for; half open, ms.</summary>
/// <param name="Person">Number of the text that names the operator, 0 = nobody.</param>
internal readonly record struct WorkPiece(long FromMs, long ToMs, int Person);
