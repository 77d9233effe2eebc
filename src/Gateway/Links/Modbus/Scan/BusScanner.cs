using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus.Scan;

/// <summary>Finds out what is on a port: listens first, then asks every address at every setting until somebody answers, then compares with the profiles.</summary>
/// <remarks><b>Errors:</b> a port that cannot be had is <see cref="BusScanResult.Fault"/>. <b>Threading:</b> blocks its caller; <c>stop</c> ends it from another thread within one request.</remarks>
internal sealed class BusScanner(BusScanOptions options, IEnumerable<WireProfile> profiles, GatewayClock clock, StopSignal stop, IBusScanProgress progress)
{
    private const int HeardMax = 4096;

    /// <summary>A unit that is known to be there is given time: compare its registers, not its speed.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    private readonly WireProfile[] _profiles = [.. profiles.Where(p => p.Modbus is not null)];
    private readonly List<FoundUnit> _units = [];
    private readonly List<BusTalker> _talkers = [];
    private readonly List<string> _damaged = [];

    public BusScanResult Run()
    {
        string? fault = Listen() ?? (_talkers.Exists(t => t.Protocol != "unknown") ? null : Ask());
        return new BusScanResult(options.Port, fault, _talkers, _units, _damaged, stop.IsSet);
    }

    /// <summary>At the first setting; at the others only when something was heard that makes no sense there.</summary>
    private string? Listen()
    {
        foreach (var (baud, framing) in options.Settings)
        {
            if (stop.IsSet || options.Listen <= TimeSpan.Zero) return null;
            progress.Listening(baud, framing.ToString(), options.Listen);
            if (!SerialPort.TryOpen(new SerialPortOptions(options.Port, baud, framing), out var port, out var fault)) return fault.Reason;
            using (port)
            {
                byte[] heard = new byte[HeardMax];
                int count = 0;
                if (Hear(port, heard, ref count) is { } lost) return lost.Reason;
                if (BusEar.Recognise(heard.AsSpan(0, count)) is not { } protocol) return null;
                if (protocol != "unknown") _talkers.Clear();
                _talkers.Add(new BusTalker(protocol, baud, framing.ToString(), count));
                if (protocol != "unknown") return null;
            }
        }
        return null;
    }

    private SerialFault? Hear(SerialPort port, byte[] heard, ref int count)
    {
        long from = clock.Time.GetTimestamp();
        while (options.Listen - clock.Time.GetElapsedTime(from) is var rest && rest > TimeSpan.Zero && count < heard.Length)
        {
            var read = port.Read(heard.AsSpan(count), rest, stop);
            if (read.Kind == SerialReadKind.Lost) return read.Fault;
            if (read.Kind == SerialReadKind.Stopped) return null;
            count += read.Count;
        }
        return null;
    }

    private string? Ask()
    {
        var rest = options.Longest - options.Listen;
        foreach (var (baud, framing) in options.Settings)
        {
            if (stop.IsSet || (_units.Count > 0 && !options.All)) return null;
            progress.Trying(baud, framing.ToString(), rest);
            rest -= options.OfSetting(baud, framing);
            var bus = new ModbusBusOptions("scan", options.Port, baud, framing, []);
            if (!SerialChannel.TryOpen(bus, out var channel, out var fault)) return fault.Reason;
            using (channel)
                if (AskAll(LineOn(channel, bus), bus) is { } lost) return lost.Reason;
        }
        return null;
    }

    private ModbusLine LineOn(IModbusChannel channel, ModbusBusOptions bus)
    {
        long origin = clock.Time.GetTimestamp();
        var trace = new LineTrace(new FrameRing(bus.BusId, ModbusLink.Name), new BusTally(bus, clock, origin), clock, tcp: false);
        return new ModbusLine(channel, new BusTiming(bus.Baud, bus.Framing), tcp: false, stop, clock.Time, origin, trace, () => false);
    }

    private SerialFault? AskAll(ModbusLine line, ModbusBusOptions bus)
    {
        bool damaged = false;
        foreach (byte unit in options.Units)
            foreach (byte function in (byte[])[ModbusFunction.ReadHoldingRegisters, ModbusFunction.ReadInputRegisters])
            {
                var answer = line.Ask(ModbusRequest.Read(unit, function, 0, 1), options.Timeout, "");
                if (answer.Kind == ModbusAnswerKind.PortLost) return answer.Fault;
                if (stop.IsSet) return null;
                bool refused = answer is { Kind: ModbusAnswerKind.Failed, Failure: ModbusFailure.Exception };
                damaged |= !refused && answer.Kind == ModbusAnswerKind.Failed && answer.Failure != ModbusFailure.Timeout;
                if (answer.Kind != ModbusAnswerKind.Data && !refused) continue;
                var found = new FoundUnit(unit, bus.Baud, bus.Framing.ToString(), function, refused ? $"exception {answer.ExceptionCode}" : "data", ProfileMatch.Of(_profiles, block => Read(line, unit, block)));
                _units.Add(found);
                progress.Found(found);
                break;
            }
        if (damaged) _damaged.Add($"{bus.Baud} {bus.Framing}");
        return null;
    }

    private static byte[]? Read(ModbusLine line, byte unit, ModbusReadBlock block)
    {
        var answer = line.Ask(ModbusRequest.Read(unit, block.Function, block.Address, block.Count), s_patience, "");
        return answer.Kind == ModbusAnswerKind.Data ? answer.Data.ToArray() : null;
    }
}
