using Gateway.Links.Serial;
using Gateway.Testing.Serial;
using Xunit;

namespace Gateway.Tests.Links.Serial;

[Collection(SerialPortsCollection.Name)]
public sealed class SerialPortTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly StopSignal _stop = new();

    private string Link => _folder["adapter"];

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_byte_passes_unchanged_in_both_directions()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var port = Open();
        var all = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();

        Assert.Null(port.Write(all, s_long));
        Assert.Equal(all, Collect(all.Length, buffer => adapter.Read(buffer, s_long)));
        adapter.Write(all);
        Assert.Equal(all, Collect(all.Length, buffer => port.Read(buffer, s_long, _stop).Count));
    }

    [Theory]
    [InlineData(4800)]
    [InlineData(9600)]
    [InlineData(7812)]
    [InlineData(115200)]
    [InlineData(250000)]
    public void Any_rate_is_set_and_the_line_is_raw(int baud)
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var port = Open(baud);
        var settings = PseudoTerminal.SettingsOf(adapter.SlavePath);
        Assert.Equal(((uint)baud, (uint)baud), (settings.InputRate, settings.OutputRate));
        Assert.Equal((1u, 0u, 0u), (settings.InputFlags, settings.OutputFlags, settings.LocalFlags));
    }

    [Fact]
    public void A_missing_path_is_no_such_device()
    {
        Assert.False(TryOpen(Link, out _, out var fault));
        Assert.Equal(SerialFaultKind.NoSuchDevice, fault!.Kind);
        Assert.StartsWith($"port {Link}: no such device", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_file_or_a_folder_is_not_a_serial_port()
    {
        File.WriteAllText(_folder["file"], "x");
        Assert.False(TryOpen(_folder["file"], out _, out var file));
        Assert.False(TryOpen(Path.GetDirectoryName(Link)!, out _, out var folder));
        Assert.Equal((SerialFaultKind.NotASerialPort, SerialFaultKind.NotASerialPort), (file!.Kind, folder!.Kind));
        Assert.Equal("x", File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public void A_port_in_use_is_busy_and_free_again_after_its_owner_let_go()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using (Open())
        {
            Assert.False(TryOpen(adapter.SlavePath, out _, out var fault));
            Assert.Equal(SerialFaultKind.Busy, fault!.Kind);
            Assert.Contains($"(pid {Environment.ProcessId})", fault.Reason, StringComparison.Ordinal);
        }

        using var again = Open();
    }

    [Fact]
    public void A_driver_that_cannot_switch_an_rs485_pair_is_refused_and_says_so()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        Assert.False(SerialPort.TryOpen(new(Link, 9600, SerialFraming.EightNone1) { Rs485 = true }, out _, out var fault));
        Assert.Equal(SerialFaultKind.SettingsRefused, fault.Kind);
        Assert.Contains("cannot switch the direction of an RS-485 pair", fault.Reason, StringComparison.Ordinal);
        using var port = Open();
    }

    [Fact]
    public unsafe void The_rs485_mode_is_as_large_as_the_kernels() =>
        Assert.Equal((32, 3u), (sizeof(Rs485Mode), Rs485Mode.RtsWhileSending.Flags));

    [Fact]
    public void A_missing_port_names_the_adapters_that_are_there()
    {
        Assert.Contains("no adapter is plugged in", SerialDevices.PluggedIn(_folder["by-id"]), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["by-id"]);
        File.WriteAllText(Path.Combine(_folder["by-id"], "usb-maker_adapter-if00"), "");
        Assert.Equal($"plugged in: {_folder["by-id"]}/usb-maker_adapter-if00", SerialDevices.PluggedIn(_folder["by-id"]));
    }

    [Fact]
    public void The_group_of_a_device_is_named()
    {
        Assert.Equal("root", SerialDevices.GroupOf("/proc/self/stat"));
        Assert.Null(SerialDevices.GroupOf(_folder["missing"]));
    }

    [Theory]
    [InlineData("/dev/ttyS0", true)]
    [InlineData("/dev/ttyUSB12", true)]
    [InlineData("/dev/ttyAMA0", true)]
    [InlineData("/dev/ttyACM0", false)]
    [InlineData("/dev/pts/3", false)]
    [InlineData("/dev/ttyS", false)]
    public void A_uart_takes_the_time_that_its_rate_says_and_a_terminal_takes_none(string device, bool isUart) => Assert.Equal(isUart, SerialDevices.IsUart(device));

    [Theory]
    [InlineData(13, "permission denied; add the service's user to the device's group, usually dialout")]
    [InlineData(16, "is held by another process")]
    [InlineData(19, "no such device")]
    [InlineData(25, "is not a serial port")]
    [InlineData(24, "cannot be opened")]
    public void Every_refusal_says_what_to_do(int error, string text)
    {
        var fault = SerialFault.OfOpen("/dev/x", error);
        Assert.StartsWith("port /dev/x: ", fault.Reason, StringComparison.Ordinal);
        Assert.Contains(text, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_ends_with_its_time()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var port = Open();
        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal(SerialReadKind.Nothing, port.Read(new byte[8], TimeSpan.FromMilliseconds(20), _stop).Kind);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromMilliseconds(19), s_long);
    }

    [Fact]
    public void The_stop_signal_wakes_a_waiting_read()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var port = Open();
        var setter = new Thread(_stop.Set);
        setter.Start();
        while (port.Read(new byte[8], s_long, _stop) is { Kind: not SerialReadKind.Stopped } read)
            Assert.Equal(SerialReadKind.Nothing, read.Kind);

        setter.Join();
    }

    [Fact]
    public void A_pulled_adapter_is_lost_for_reading_and_writing()
    {
        var adapter = PseudoTerminal.Plug(Link);
        using var port = Open();
        adapter.Dispose();

        var read = port.Read(new byte[8], s_long, _stop);
        Assert.Equal(SerialReadKind.Lost, read.Kind);
        Assert.Equal(SerialFaultKind.Lost, read.Fault!.Kind);
        Assert.Equal(SerialFaultKind.Lost, port.Write([1], s_long)!.Kind);
    }

    [Fact]
    public void Failed_openings_leave_no_descriptor_behind()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var port = Open();
        var before = PseudoTerminal.CountDescriptors();
        for (var i = 0; i < 50; i++)
            Assert.False(TryOpen(Link, out _, out _));

        Assert.Equal(before, PseudoTerminal.CountDescriptors());
    }

    private SerialPort Open(int baud = 9600)
    {
        Assert.True(SerialPort.TryOpen(new(Link, baud, SerialFraming.EightNone1), out var port, out var fault), fault?.Reason);
        return port;
    }

    private static bool TryOpen(string path, out SerialPort? port, out SerialFault? fault) =>
        SerialPort.TryOpen(new(path, 9600, SerialFraming.EightNone1), out port, out fault);

    private delegate int Reader(Span<byte> buffer);

    private static byte[] Collect(int count, Reader read)
    {
        var all = new byte[count];
        for (var have = 0; have < count;)
        {
            var got = read(all.AsSpan(have));
            Assert.True(got > 0, $"expected {count} bytes, got {have}");
            have += got;
        }

        return all;
    }
}
