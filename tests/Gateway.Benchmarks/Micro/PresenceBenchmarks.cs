using BenchmarkDotNet.Attributes;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Presence.Checks;
using Gateway.Domain.Readings;
using Gateway.Testing;

namespace Gateway.Benchmarks.Micro;

/// <summary>Presence alone, with every check of the built-in crane profile: what DESIGN allows a microsecond for.</summary>
[MemoryDiagnoser]
public class PresenceBenchmarks
{
    private const int Batch = 1_000;

    private readonly List<PresenceInterval> _closed = [];
    private DeviceChecks _checks = null!;
    private DevicePresence _presence = null!;
    private double[] _values = [];
    private long[] _receivedAtMs = [];
    private SampleQuality[] _qualities = [];
    private long _nowMs;

    [Params(true, false)]
    public bool Checked { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var problems = new Problems();
        var profile = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), problems)["crane-json"].Device;
        var device = new Device("c", new LocalText("c", "c"), "crane", profile.Id, LinkKind.Mqtt, "c", null, true, 2_000, 6_000, null, null, null);
        _nowMs = 1_772_676_000_000;
        _checks = new DeviceChecks(profile, device);
        _presence = new DevicePresence(0, device, _nowMs, _closed);
        (_values, _receivedAtMs, _qualities) = (new double[profile.Fields.Count], new long[profile.Fields.Count], new SampleQuality[profile.Fields.Count]);
        Array.Fill(_values, 3);
        if (problems.Items.Count > 0) throw new InvalidOperationException(string.Join("; ", problems.Items));
    }

    [Benchmark(Description = "presence and the checks of a crane", OperationsPerInvoke = Batch)]
    public int Update()
    {
        for (int i = 0; i < Batch; i++)
        {
            _nowMs += 2_000;
            // Every field is in every message, and half of them move.
            _receivedAtMs.AsSpan().Fill(_nowMs);
            for (int slot = 0; slot < _values.Length; slot += 2) _values[slot] = 3 + 0.1 * (i & 7);
            _presence.Alive(_nowMs);
            if (Checked && _checks.Take(new LiveMessage(_values, _qualities, _receivedAtMs, _nowMs, _nowMs))) _presence.Judged(_nowMs, _checks.Cause);
        }
        return _closed.Count;
    }
}
