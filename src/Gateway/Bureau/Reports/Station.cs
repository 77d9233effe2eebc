using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Ledger;

namespace Gateway.Bureau.Reports;

/// <summary>One MN at the bureau, and the devices that stand behind it.</summary>
internal sealed class Station(string mn, IReadOnlyList<StationDevice> devices)
{
    public string Mn => mn;

    public IReadOnlyList<StationDevice> Devices => devices;

    /// <summary>Who reports a factor: the first device of the configuration that has it.</summary>
    public StationDevice? Reporter(Factor factor) => devices.FirstOrDefault(d => d.Has(factor));

    public static IReadOnlyList<Station> Of(BureauOptions options, IReadOnlyList<DeviceRoute> routes) =>
    [
        .. options.Devices.GroupBy(d => d.Mn ?? options.Mn ?? "", StringComparer.Ordinal)
            .Select(g => new Station(g.Key, [.. g.Select(d => new StationDevice(routes.First(r => r.Id == d.Device)))])),
    ];
}

/// <summary>A device with what was last heard of it.</summary>
internal sealed class StationDevice
{
    private readonly Dictionary<Factor, (double Value, long AtMs)> _latest = [];
    private readonly HashSet<Factor> _factors;

    public StationDevice(DeviceRoute route)
    {
        (Route, Device) = (route, route.Device!);
        _factors = [.. route.Profile.Device.Fields.Select(f => FactorTable.OfField(f.Name)).OfType<Factor>()];
        Names = [.. _factors.Select(f => (Encoding.UTF8.GetBytes(f.Field), f))];
    }

    /// <summary>Its factors by the names of their fields, UTF-8.</summary>
    public IReadOnlyList<(byte[] Name, Factor Factor)> Names { get; }

    public DeviceRoute Route { get; }

    public Device Device { get; }

    /// <summary>Time of its newest live line; 0 before the first.</summary>
    public long NewestMs { get; private set; }

    public bool Has(Factor factor) => _factors.Contains(factor);

    /// <summary>How many values make a whole interval.</summary>
    public double Expected(long intervalMs) => Math.Max(1, (double)intervalMs / Device.ExpectedMs);

    public void Heard(long atMs) => NewestMs = Math.Max(NewestMs, atMs);

    public void Heard(Factor factor, double value, long atMs)
    {
        if (!_latest.TryGetValue(factor, out var known) || atMs >= known.AtMs) _latest[factor] = (value, atMs);
    }

    /// <summary>The latest value with its flag: B while nothing comes, D while the others come without it, else N. Null before the first.</summary>
    public (double Value, char Flag)? Latest(Factor factor, long nowMs)
    {
        if (!_latest.TryGetValue(factor, out var latest)) return null;
        return (latest.Value, nowMs - NewestMs > Device.OfflineAfterMs ? 'B' : latest.AtMs < NewestMs ? 'D' : 'N');
    }
}
