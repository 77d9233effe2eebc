using Gateway.Decoding;
using Gateway.Domain.Ledger;

namespace Gateway.Links.Modbus;

/// <summary>Another ledger: buses that are new begin, those that left or are others end; all the rest goes on without missing a turn.</summary>
public sealed partial class ModbusLink
{
    private readonly Lock _following = new();
    private bool _ended;

    /// <summary>Takes over the buses and units of a ledger that the directory shows already. Waits for the last request of a bus that ends.</summary>
    public void Follow(SiteLedger ledger)
    {
        var wanted = OptionsOf(ledger, _directory).ToList();
        lock (_following)
        {
            if (_ended) return;
            var going = _buses.ToList();
            var ending = going.Where(b => !wanted.Exists(o => IsSame(o, b.Options))).ToList();
            // All of them at once: each may have a slow request under way.
            Parallel.ForEach(ending, bus => bus.Dispose());
            (_routes, _converters) = (RoutesOf(_directory), ConvertersOf(ledger));
            var starting = new List<ModbusBus>();
            var next = wanted.ConvertAll(o => going.Find(b => IsSame(o, b.Options)) ?? Begin(o));
            _buses = [.. next];
            foreach (var bus in ending.Where(b => !wanted.Exists(o => o.BusId == b.Id))) _frames.Forget(bus.Id);
            foreach (var bus in starting) bus.Start();

            ModbusBus Begin(ModbusBusOptions options)
            {
                var bus = NewBus(options);
                starting.Add(bus);
                return bus;
            }
        }
    }

    private static Dictionary<string, DeviceRoute> RoutesOf(DeviceDirectory directory) =>
        directory.Registered.Where(r => r.Device!.Link == LinkKind.Modbus).ToDictionary(r => r.Id, StringComparer.Ordinal);

    /// <summary>Buses behind a converter, which is a box of its own.</summary>
    private static HashSet<string> ConvertersOf(SiteLedger ledger) => ledger.Buses.Where(b => b.Host is not null).Select(b => b.Id).ToHashSet(StringComparer.Ordinal);

    private ModbusBus NewBus(ModbusBusOptions options)
    {
        _messages[options.BusId] = new DecodedMessage();
        return new ModbusBus(options, this, _clock, _frames.OfBus(options.BusId, Name), _log);
    }

    private static bool IsSame(ModbusBusOptions a, ModbusBusOptions b) => a.Units.SequenceEqual(b.Units) && a with { Units = b.Units } == b;
}
