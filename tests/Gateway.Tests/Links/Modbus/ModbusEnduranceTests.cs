using Gateway.Diagnostics;
using Gateway.Links.Frames;
using Gateway.Links.Modbus;
using Gateway.Links.Serial;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

/// <summary>Figures that a bus has to keep on a real terminal.</summary>
[Collection(SerialPortsCollection.Name)]
public sealed class ModbusEnduranceTests : IDisposable
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(10);
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingBusObserver _told = new();

    private string Link => _folder["adapter"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    public void At_9600_bit_per_second_at_least_95_percent_of_what_the_frame_times_allow_is_used(ushort registers)
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new TimedUnits(adapter, 9600, ScriptedUnits.Reply(1, 3, new ushort[registers]));
        using var bus = Start(new ModbusUnit("unit-1", 1, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200), [new(3, 0, registers)]));
        int window = (int)(TimeSpan.FromSeconds(0.7) / units.Ideal);
        _told.WaitFor(events => events.Count >= 4 * window);
        bus.Stop(s_stopLimit);

        // Other work on the machine takes time from both ends; the best of the windows shows what the bus itself can do.
        var at = units.Requests;
        double best = Enumerable.Range(0, at.Count - window).Max(i => units.Ideal * window / TimeProvider.System.GetElapsedTime(at[i], at[i + window]));
        Assert.True(best is >= 0.95 and < 1.02, $"{best:P1}");
        Assert.Equal(0, _told.Count("failed"));
        Assert.True(bus.Status().Utilisation > 0.5);
    }

    [Fact]
    public void With_31_of_32_units_dead_the_live_one_keeps_its_period_within_a_tenth()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, static (request, line) =>
        {
            if (request[0] == 17) line.Send(ScriptedUnits.Reply(17, 3, 1));
        });
        using var bus = Start([.. Enumerable.Range(1, 32).Select(i => new ModbusUnit($"unit-{i}", (byte)i, TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(25), [new(3, 0, 1)]))]);
        _told.WaitFor(events => events.Count(e => e.What == "answered") >= 17);
        bus.Stop(s_stopLimit);
        var asked = units.Requests.Where(r => r.Request[0] == 17).Select(r => r.Timestamp).ToList();
        var periods = asked.Zip(asked.Skip(1), (earlier, later) => TimeProvider.System.GetElapsedTime(earlier, later).TotalMilliseconds).Skip(1).Order().ToList();
        Assert.InRange(periods.Average(), 388, 412);
        // All but one: this machine has other work too.
        Assert.InRange(periods[1], 360, 440);
        Assert.InRange(periods[^2], 360, 440);
        Assert.All(bus.Status().Units, unit => Assert.Equal(unit.Address == 17 ? "trusted" : "dead", unit.State));
    }

    [Fact]
    public void Twenty_pulls_under_polling_leak_nothing_and_each_is_over_two_seconds_after_the_adapter_is_back() => PullAgainAndAgain(20);

    [Fact]
    [Trait("Tier", "long")]
    public void Two_hundred_pulls_under_polling_leak_nothing_and_each_is_over_two_seconds_after_the_adapter_is_back() => PullAgainAndAgain(200);

    private void PullAgainAndAgain(int rounds)
    {
        int descriptors = PseudoTerminal.CountDescriptors(), threads = BusThreads();
        using (var bus = Start(new ModbusUnit("unit-1", 1, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(200), [new(3, 0, 1)])))
        {
            _told.WaitFor(events => events.Any(e => e.What == "lost"));
            for (int round = 1; round <= rounds; round++)
            {
                int answered = _told.Count("answered");
                long back = TimeProvider.System.GetTimestamp();
                using var adapter = PseudoTerminal.Plug(Link);
                using (new ScriptedUnits(adapter, static (request, line) => line.Send(ScriptedUnits.Reply(request[0], 3, 125))))
                {
                    _told.WaitFor(events => events.Count(e => e.What == "answered") > answered);
                    Assert.InRange(TimeProvider.System.GetElapsedTime(back).TotalSeconds, 0, 2);
                    _told.WaitFor(events => events.Count(e => e.What == "answered") > answered + (round % 5));
                }
                adapter.Dispose();
                _told.WaitFor(events => events.Count(e => e.What == "lost") == round + 1);
            }
            Assert.Equal(threads + 1, BusThreads());
            bus.Stop(s_stopLimit);
            Assert.Equal(rounds + 1, bus.PortLosses);
        }
        Assert.Equal(rounds, _told.Count("opened"));
        Assert.Equal(descriptors, PseudoTerminal.CountDescriptors());
        Assert.Equal(threads, BusThreads());
    }

    /// <summary>Threads of this process that are named after a bus.</summary>
    private static int BusThreads() => Directory.EnumerateDirectories("/proc/self/task").Count(task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith("modbus bus", StringComparison.Ordinal));

    private ModbusBus Start(params ModbusUnit[] units)
    {
        var bus = new ModbusBus(new("bus-1", Link, 9600, SerialFraming.EightNone1, units), _told, new GatewayClock(TimeProvider.System), new FrameRing("bus-1", "modbus"), NullLogger<ModbusBus>.Instance);
        bus.Start();
        return bus;
    }
}
