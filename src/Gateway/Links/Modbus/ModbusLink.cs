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
public sealed partial class ModbusLink : IModbusBusObserver, IDisposable
{
    public const string Name = "modbus";

    private readonly DeviceDirectory _directory;
    private readonly IngestBuffer _ingest;
    private readonly GatewayClock _clock;
    private readonly RefusedMessages _refused;
    private readonly FrameRings _frames;
    private readonly ILogger<ModbusBus> _log;
    // Swapped whole; in the order of the ledger.
    private volatile ModbusBus[] _buses;
    private volatile Dictionary<string, DeviceRoute> _routes;
    private volatile HashSet<string> _converters;
    // Each bus has a thread of its own and a message of its own.
    private readonly ConcurrentDictionary<string, DecodedMessage> _messages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _everOpened = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Device, ModbusFailure Reason), long> _failures = new();

    public ModbusLink(SiteLedger ledger, DeviceDirectory directory, IngestBuffer ingest, GatewayClock clock, RefusedMessages refused, FrameRings frames, ILogger<ModbusBus> log)
    {
        (_directory, _ingest, _clock, _refused, _frames, _log) = (directory, ingest, clock, refused, frames, log);
        (_routes, _converters) = (RoutesOf(directory), ConvertersOf(ledger));
        _buses = [.. OptionsOf(ledger, directory).Select(NewBus)];
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
        _routes.TryGetValue(deviceId, out var route) && Array.Find(_buses, bus => bus.Id == route.Device!.Bus) is { } bus ? bus.WriteAsync(deviceId, write, within) : Task.FromResult(ModbusWriteOutcome.NoSuchDevice);

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
        lock (_following) _ended = true;
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
        // It left the ledger a moment ago; its bus is about to end.
        if (!_routes.TryGetValue(unit.DeviceId, out var route)) return;
        var message = _messages[busId];
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
