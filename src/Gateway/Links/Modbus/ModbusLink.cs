using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Frames;
using Gateway.Links.Serial;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Modbus;

/// <summary>All serial buses of the ledger: starts a master for each and turns what they say into readings and port events.</summary>
public sealed class ModbusLink : IModbusBusObserver, IDisposable
{
    public const string Name = "modbus";

    private readonly DeviceDirectory _directory;
    private readonly IngestBuffer _ingest;
    private readonly GatewayClock _clock;
    private readonly RefusedMessages _refused;
    private readonly List<ModbusBus> _buses = [];
    private readonly Dictionary<string, DeviceRoute> _routes;
    // Each bus has a thread of its own and a message of its own; the dictionaries are filled before they start.
    private readonly Dictionary<string, DecodedMessage> _messages;
    private readonly HashSet<string> _converters;
    private readonly ConcurrentDictionary<string, bool> _everOpened = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Device, ModbusFailure Reason), long> _failures = new();

    public ModbusLink(SiteLedger ledger, DeviceDirectory directory, IngestBuffer ingest, GatewayClock clock, RefusedMessages refused, FrameRings frames, ILogger<ModbusBus> log)
    {
        (_directory, _ingest, _clock, _refused) = (directory, ingest, clock, refused);
        _routes = _directory.Registered.Where(r => r.Device!.Link == LinkKind.Modbus).ToDictionary(r => r.Id, StringComparer.Ordinal);
        _messages = ledger.Buses.ToDictionary(b => b.Id, _ => new DecodedMessage(), StringComparer.Ordinal);
        _converters = ledger.Buses.Where(b => b.Host is not null).Select(b => b.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var options in OptionsOf(ledger, directory)) _buses.Add(new ModbusBus(options, this, clock, frames.OfBus(options.BusId, Name), log));
    }

    /// <summary>Failed requests by device and reason.</summary>
    public IEnumerable<KeyValuePair<(string Device, ModbusFailure Reason), long>> Failures => _failures;

    /// <summary>What each bus of the ledger is asked to do; a bus without a unit is opened all the same, so that its loss is seen.</summary>
    public static IEnumerable<ModbusBusOptions> OptionsOf(SiteLedger ledger, DeviceDirectory directory)
    {
        foreach (var bus in ledger.Buses.Where(b => b.Protocol == BusProtocol.Modbus))
        {
            if (!SerialFraming.TryParse(bus.Framing, out var framing)) continue;
            var units = directory.Registered.Where(r => r.Device!.Link == LinkKind.Modbus && r.Device.Bus == bus.Id).Select(r => UnitOf(r, bus));
            yield return new ModbusBusOptions(bus.Id, bus.Port, bus.Baud, framing, [.. units]) { Host = bus.Host, Tcp = bus.ModbusTcp, Rs485 = bus.Rs485 };
        }
    }

    /// <summary>All buses as they stand, in the order of the ledger.</summary>
    public IReadOnlyList<BusStatus> Status() => [.. _buses.Select(bus => bus.Status())];

    /// <summary>Writes into a device; see <see cref="ModbusBus.WriteAsync"/>.</summary>
    public Task<ModbusWriteOutcome> WriteAsync(string deviceId, ModbusWrite write, TimeSpan within) =>
        _routes.TryGetValue(deviceId, out var route) && _buses.Find(bus => bus.Id == route.Device!.Bus) is { } bus ? bus.WriteAsync(deviceId, write, within) : Task.FromResult(ModbusWriteOutcome.NoSuchDevice);

    private static ModbusUnit UnitOf(DeviceRoute route, Bus bus) =>
        new(route.Id, byte.Parse(route.Device!.Address, CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(route.Device.ExpectedMs), TimeSpan.FromMilliseconds(bus.ResponseTimeoutMs), route.Profile.Modbus!.Blocks)
        {
            Priority = route.Device.Priority,
        };

    public void Start()
    {
        foreach (var bus in _buses) bus.Start();
    }

    public void Stop()
    {
        foreach (var bus in _buses) bus.Stop(TimeSpan.FromSeconds(2));
    }

    public void Dispose()
    {
        foreach (var bus in _buses) bus.Dispose();
    }

    void IModbusBusObserver.PortOpened(string busId)
    {
        _everOpened[busId] = true;
        _ingest.AppendEvent(LinkEventKind.PortOpened, _clock.NowMs(), text: busId);
    }

    void IModbusBusObserver.PortLost(string busId, string reason)
    {
        // A port that was never there is a mistake of the set-up; one that was there and went is an adapter that was pulled. A converter is a box of its own.
        string cause = _converters.Contains(busId) ? PresenceCause.Dtu : _everOpened.ContainsKey(busId) ? PresenceCause.Bus : PresenceCause.Port;
        _ingest.AppendEvent(LinkEventKind.PortLost, _clock.NowMs(), text: busId, cause: cause, reason: reason);
    }

    void IModbusBusObserver.Answered(string busId, ModbusUnit unit, ModbusReadBlock block, ReadOnlySpan<byte> registerBytes, long receivedTimestamp)
    {
        var (route, message) = (_routes[unit.DeviceId], _messages[busId]);
        var outcome = ModbusDecoder.Decode(route, block, registerBytes, message);
        if (outcome != DecodeOutcome.Decoded)
        {
            _refused.Count(Name, outcome, unit.DeviceId, registerBytes);
            return;
        }
        long atMs = _clock.MsOf(receivedTimestamp);
        // The bus's own thread may wait: while the store has no room there is no point in polling on.
        while (!_ingest.TryAppend(route, message, ReadingKind.Measurement, ReadingFlags.None, atMs)) _ingest.SpaceAsync().Wait(TimeSpan.FromMilliseconds(500));
    }

    void IModbusBusObserver.Failed(string busId, ModbusUnit unit, ModbusFailure reason, int exceptionCode) =>
        _failures.AddOrUpdate((unit.DeviceId, reason), 1, static (_, n) => n + 1);
}
