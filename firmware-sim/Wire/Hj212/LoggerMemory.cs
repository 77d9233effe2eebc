using System.Globalization;
using FirmwareSim.Devices;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Hj212;

/// <summary>What a logger keeps: settings the other side may change, its clock, and minute data of a month, which it goes on writing without any connection. Safe from any thread.</summary>
internal sealed class LoggerMemory(Sensor<DustSample> sensor)
{
    private const int MinutesMax = 31 * 24 * 60;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<DateTimeOffset, Minute> _minutes = [];
    private TimeSpan _correction;
    private DustSample? _last;

    public int RtdSeconds { get; set; } = 30;

    public int MinMinutes { get; set; } = 1;

    public DateTimeOffset DeviceTime => sensor.DeviceTime + _correction;

    /// <summary>The other side sets the clock.</summary>
    public void SetTime(DateTimeOffset time) => _correction = time - sensor.DeviceTime;

    /// <summary>Measures once into the minute at hand.</summary>
    public void Measure()
    {
        lock (_gate)
        {
            _last = sensor.Read();
            var start = StartOf(DeviceTime);
            if (!_minutes.TryGetValue(start, out var minute)) _minutes[start] = minute = new Minute();
            minute.Add(_last);
            if (_minutes.Count > MinutesMax) _minutes.Remove(_minutes.Keys.First());
        }
    }

    public DustSample? Last()
    {
        lock (_gate) return _last;
    }

    /// <summary>Whole intervals that begin in the span, oldest first: their start and their data area.</summary>
    public IReadOnlyList<(DateTimeOffset Start, string Items)> Between(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            var whole = StartOf(DeviceTime);
            return [.. _minutes.Where(m => m.Key >= from && m.Key <= to && m.Key < whole).Select(m => (m.Key, m.Value.Items()))];
        }
    }

    public DateTimeOffset StartOf(DateTimeOffset time)
    {
        var civil = time.ToOffset(SiteClock.BeijingOffset);
        return new DateTimeOffset(civil.Year, civil.Month, civil.Day, civil.Hour, civil.Minute - civil.Minute % MinMinutes, 0, civil.Offset);
    }

    private sealed class Minute
    {
        private readonly Dictionary<string, (int Count, double Sum, double Min, double Max)> _factors = new(StringComparer.Ordinal);

        public void Add(DustSample sample)
        {
            foreach (Factor factor in DustFactors.Of(sample))
            {
                double value = double.Parse(factor.Value, CultureInfo.InvariantCulture);
                var (count, sum, min, max) = _factors.GetValueOrDefault(factor.Code, (0, 0, double.MaxValue, double.MinValue));
                _factors[factor.Code] = (count + 1, sum + value, Math.Min(min, value), Math.Max(max, value));
            }
        }

        public string Items() => string.Join(';', _factors.Select(f => string.Create(CultureInfo.InvariantCulture,
            $"{f.Key}-Min={f.Value.Min:0.0},{f.Key}-Avg={f.Value.Sum / f.Value.Count:0.0},{f.Key}-Max={f.Value.Max:0.0},{f.Key}-Flag=N")));
    }
}
