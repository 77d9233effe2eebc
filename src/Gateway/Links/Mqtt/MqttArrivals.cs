using Gateway.Decoding;

namespace Gateway.Links.Mqtt;

/// <summary>
/// Tells, behind a broker, what is said now from what the broker kept: it stores what was said while we were not listening, and hands it over without a mark
/// [src/decisions/0003].
/// </summary>
/// <remarks><b>Threading</b>: that of the link's reading half.</remarks>
internal sealed class MqttArrivals
{
    private readonly Dictionary<int, DeviceArrivals> _devices = [];

    /// <summary>Counts the times we listened anew.</summary>
    public int Epoch { get; private set; }

    /// <summary>When we last listened anew, ms of the gateway's timeline.</summary>
    public long FromMs { get; private set; }

    /// <summary>Whether the broker may have kept anything then.</summary>
    public bool Kept { get; private set; }

    public void Begin(long atMs, bool kept) => (Epoch, FromMs, Kept) = (Epoch + 1, atMs, kept);

    public DeviceArrivals Of(DeviceRoute device)
    {
        if (_devices.TryGetValue(device.Index, out var known)) return known;
        // What nobody registered counts nowhere: its patience does not matter.
        return _devices[device.Index] = new DeviceArrivals(this, device.Device?.ExpectedMs ?? 0);
    }
}

/// <summary>
/// The same for one device. Its own time decides; where that cannot be believed, whether its clock runs at our pace while messages come; without a time, one expected
/// interval of patience. One message that is shown to be of now clears all that follow it [MQTT-4.6.0-6: topics are ordered].
/// </summary>
/// <param name="expectedMs">Its expected interval, ms.</param>
internal sealed class DeviceArrivals(MqttArrivals all, long expectedMs)
{
    /// <summary>A clock that is further off says nothing about the age of a message.</summary>
    private const long LagMaxMs = 60_000;

    private int _clearIn;
    private long _lagMs;
    private (int Epoch, long MeasuredAtMs, long ReceivedAtMs) _previous;

    /// <param name="measuredAtMs">What the device says, 0 = nothing.</param>
    public bool IsOld(long measuredAtMs, long receivedAtMs)
    {
        if (!all.Kept || _clearIn == all.Epoch) return false;
        if (measuredAtMs == 0) return receivedAtMs < all.FromMs + expectedMs;
        return measuredAtMs + _lagMs < all.FromMs && !KeepsPace(measuredAtMs, receivedAtMs);
    }

    /// <summary>The message was taken in, as old or as new.</summary>
    public void Took(long measuredAtMs, long receivedAtMs, bool old)
    {
        _previous = (all.Epoch, measuredAtMs, receivedAtMs);
        if (old) return;
        _clearIn = all.Epoch;
        if (measuredAtMs != 0 && Math.Abs(receivedAtMs - measuredAtMs) <= LagMaxMs) _lagMs = receivedAtMs - measuredAtMs;
    }

    /// <summary>What was kept is handed over as fast as it can be read; what is said now comes no faster than its time passes.</summary>
    private bool KeepsPace(long measuredAtMs, long receivedAtMs)
    {
        if (_previous.Epoch != all.Epoch || _previous.MeasuredAtMs == 0) return false;
        long measured = measuredAtMs - _previous.MeasuredAtMs;
        return measured > 0 && 2 * (receivedAtMs - _previous.ReceivedAtMs) > measured;
    }
}
