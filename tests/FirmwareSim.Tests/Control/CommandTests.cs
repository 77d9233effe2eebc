using FirmwareSim.Control;
using FirmwareSim.Devices;

namespace FirmwareSim.Tests.Control;

public sealed class CommandTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly StringWriter _terminal = new();
    private readonly Journal _journal;
    private readonly List<Device> _devices;
    private readonly CommandDesk _desk;
    private int _quits;

    public CommandTests()
    {
        _journal = new Journal(_terminal, _clock);
        _devices =
        [
            new Device("crane-1", DeviceKind.Crane, LinkKind.Mqtt, _clock),
            new Device("camera-1", DeviceKind.Camera, LinkKind.Mqtt, _clock),
            new Device("dust-2", DeviceKind.Dust, LinkKind.Hj212, _clock),
            new Device("wind-1", DeviceKind.Wind, LinkKind.Modbus, _clock),
            new Device("bus-1", DeviceKind.Bus, LinkKind.Bus, _clock),
        ];
        _desk = new CommandDesk(_devices, () => _quits++, _journal);
    }

    public void Dispose() => _terminal.Dispose();

    private string[] DevicesWith(EffectKind kind) => [.. _devices.Where(d => d.Effects.Has(kind)).Select(d => d.Id)];

    [Theory]
    [InlineData("silence", EffectKind.Silence, "crane-1 camera-1 dust-2 wind-1")]
    [InlineData("freeze", EffectKind.Freeze, "crane-1 camera-1 dust-2 wind-1")]
    [InlineData("flap", EffectKind.Flap, "crane-1 camera-1 dust-2 wind-1")]
    [InlineData("overload", EffectKind.Overload, "crane-1")]
    [InlineData("gust", EffectKind.Gust, "crane-1 dust-2 wind-1")]
    [InlineData("dust-peak", EffectKind.DustPeak, "dust-2")]
    [InlineData("clock-drift", EffectKind.ClockDrift, "crane-1 camera-1 dust-2")]
    [InlineData("torn", EffectKind.Torn, "crane-1 camera-1 dust-2 wind-1")]
    [InlineData("unplug", EffectKind.Unplug, "bus-1")]
    [InlineData("power-cut", EffectKind.PowerCut, "crane-1 camera-1 dust-2 wind-1")]
    [InlineData("disconnect", EffectKind.Disconnect, "crane-1 camera-1 dust-2")]
    [InlineData("kill", EffectKind.Kill, "crane-1 camera-1 dust-2")]
    public void Without_a_target_a_command_means_every_device_it_fits(string command, object kind, string expected)
    {
        Assert.Null(_desk.Execute(new CommandRequest(command)));
        Assert.Equal(expected.Split(' '), DevicesWith((EffectKind)kind));
    }

    [Fact]
    public void A_target_and_seconds_narrow_a_command_down()
    {
        Assert.Null(_desk.Execute(new CommandRequest("silence", "crane-1", Seconds: "2.5")));
        Assert.Equal(["crane-1"], DevicesWith(EffectKind.Silence));
        _clock.Advance(2.5);
        Assert.Empty(DevicesWith(EffectKind.Silence));
    }

    [Fact]
    public void Clock_drift_is_two_minutes_unless_told_otherwise()
    {
        _desk.Execute(new CommandRequest("clock-drift"));
        Assert.Equal(TimeSpan.FromSeconds(120), _devices[0].Effects.ClockDrift);
        _desk.Execute(new CommandRequest("clock-drift", "crane-1", Value: "-30"));
        Assert.Equal(TimeSpan.FromSeconds(-30), _devices[0].Effects.ClockDrift);
        Assert.Equal(TimeSpan.FromSeconds(120), _devices[1].Effects.ClockDrift);
    }

    [Fact]
    public void Recover_ends_everything_of_one_target_or_of_all()
    {
        _desk.Execute(new CommandRequest("unplug"));
        _desk.Execute(new CommandRequest("power-cut"));
        _desk.Execute(new CommandRequest("recover", "bus-1"));
        Assert.Empty(DevicesWith(EffectKind.Unplug));
        Assert.Equal(4, DevicesWith(EffectKind.PowerCut).Length);
        _desk.Execute(new CommandRequest("recover"));
        Assert.All(_devices, d => Assert.Empty(d.Effects.List()));
    }

    [Theory]
    [InlineData("explode", null, null, null, "unknown command 'explode'; possible: silence, freeze,")]
    [InlineData("silence", "crane-9", null, null, "unknown target 'crane-9'; possible: crane-1, camera-1, dust-2, wind-1")]
    [InlineData("overload", "wind-1", null, null, "overload does not fit wind-1; possible: crane-1")]
    [InlineData("quit", "crane-1", null, null, "quit does not fit crane-1; it takes no target")]
    [InlineData("silence", null, "0", null, "seconds must be a number above 0")]
    [InlineData("silence", null, "soon", null, "seconds must be a number above 0")]
    [InlineData("silence", null, "NaN", null, "seconds must be a number above 0")]
    [InlineData("recover", null, "5", null, "recover takes no seconds")]
    [InlineData("clock-drift", null, null, "x", "value must be a number")]
    [InlineData("silence", null, null, "5", "silence takes no value; possible: clock-drift")]
    public void A_refusal_says_what_is_possible_and_changes_nothing(
        string name, string? target, string? seconds, string? value, string expected)
    {
        Assert.Contains(expected, _desk.Execute(new CommandRequest(name, target, seconds, value)), StringComparison.Ordinal);
        Assert.All(_devices, d => Assert.Empty(d.Effects.List()));
        Assert.Equal("", _terminal.ToString());
    }

    [Fact]
    public void The_keyboard_takes_one_command_a_line_and_survives_what_it_cannot_read()
    {
        Keyboard.ReadAll(new StringReader("silence crane-1\n\n  nonsense\ngust seconds=30 wind-1\nkill a b\nquit\n"), _desk, _journal);
        Assert.Equal(["crane-1"], DevicesWith(EffectKind.Silence));
        Assert.Equal(["wind-1"], DevicesWith(EffectKind.Gust));
        Assert.Equal(1, _quits);
        string[] lines = _terminal.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.EndsWith("> silence crane-1 (在线但不发数据)", lines[0], StringComparison.Ordinal);
        Assert.Contains("unknown command 'nonsense'", lines[1], StringComparison.Ordinal);
        Assert.Contains("cannot place 'b'", lines[3], StringComparison.Ordinal);
    }
}
