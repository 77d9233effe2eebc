using Gateway.Domain.Configuration;
using Gateway.Domain.Presence;
using Gateway.Domain.Presence.Checks;
using Gateway.Domain.Readings;

namespace Gateway.Domain.Tests.Presence.Checks;

/// <summary>A device of one message every 20 s with a load, a wind, a word of faults and a counter; its checks, and the presence that follows from them.</summary>
internal sealed class CheckedDevice
{
    public const int Load = 0, Wind = 1, Faults = 2, Counter = 3;
    public const long BeganMs = 1_770_000_000_000;

    private static readonly FieldSpec[] Fields =
        [new("load_t", "t", FieldType.Number, -1, 100), new("wind_mps", "m/s", FieldType.Number, 0, 60), new("faults", "", FieldType.Integer, 0, 255), new("seq", "", FieldType.Integer, -1e300, 1e300)];

    private readonly double[] _values = new double[Fields.Length];
    private readonly SampleQuality[] _qualities = new SampleQuality[Fields.Length];
    private readonly long[] _receivedAtMs = new long[Fields.Length];
    private readonly ObservedPresence _presence = new(BeganMs);

    public CheckedDevice(params CheckSpec[] checks) => Checks = new DeviceChecks(Profile(checks), ObservedPresence.Entry);

    public DeviceChecks Checks { get; }

    public ObservedPresence Presence => _presence;

    public long NowMs { get; private set; } = BeganMs;

    public string Standing => _presence.Device.State == PresenceState.Online ? "online" : $"{_presence.Device.State}({_presence.Device.Cause})".ToLowerInvariant();

    public static DeviceProfile Profile(params CheckSpec[] checks) =>
        new("p", 1, "crane", new LocalText("一", "one"), ReadingKind.Measurement, "crane", "device", Fields, -1, null) { Checks = checks };

    /// <summary>One message so many ms later; a value outside its field's range is kept as out of range, NaN is not sent.</summary>
    public void Send(long afterMs, double load = double.NaN, double wind = double.NaN, double faults = double.NaN, double counter = double.NaN, long? skewMs = null)
    {
        NowMs += afterMs;
        bool good = false;
        foreach (var (slot, value) in (ReadOnlySpan<(int, double)>)[(Load, load), (Wind, wind), (Faults, faults), (Counter, counter)])
        {
            if (double.IsNaN(value)) continue;
            (_values[slot], _receivedAtMs[slot]) = (value, NowMs);
            _qualities[slot] = value < Fields[slot].Min || value > Fields[slot].Max ? SampleQuality.OutOfRange : SampleQuality.Good;
            good |= _qualities[slot] == SampleQuality.Good;
        }
        if (good) _presence.Device.Alive(NowMs);
        if (Checks.Take(new LiveMessage(_values, _qualities, _receivedAtMs, NowMs, skewMs is { } skew ? NowMs + skew : 0))) _presence.Device.Judged(NowMs, Checks.Cause);
    }

    public void Pass(long ms) => _presence.Device.Pass(NowMs += ms);
}
