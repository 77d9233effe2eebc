using FirmwareSim.Devices;
using FirmwareSim.Machines;
using FirmwareSim.Wire.Modbus;

namespace FirmwareSim.Tests.Wire;

/// <summary>The bus on a real pseudo-terminal. Every wait ends with an event; the patience only keeps a failure from hanging.</summary>
public sealed class SerialBusTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("firmware-sim-").FullName;
    private readonly Device _adapter = new("bus-1", DeviceKind.Bus, LinkKind.Bus, TimeProvider.System);
    private readonly SerialBus _bus;
    private readonly Task _running;

    public SerialBusTests()
    {
        var anemometer = new Device("wind-1", DeviceKind.Wind, LinkKind.Modbus, TimeProvider.System);
        var unit = new ModbusUnit(1, anemometer, () => RegisterImage.OfAnemometer(new WindSample(12.5)));
        _bus = new SerialBus(_adapter, LinkPath, [unit], TimeProvider.System, new Journal(TextWriter.Null, TimeProvider.System));
        _running = OwnThread.RunAsync("bus-1", () => _bus.Run(_stop.Token));
    }

    private string LinkPath => Path.Combine(_folder, "bus-1");

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait();
        Directory.Delete(_folder, recursive: true);
        _stop.Dispose();
    }

    private async Task<FileStream> OpenAsync()
    {
        while (!_bus.IsPlugged) await Task.Delay(TimeSpan.FromMilliseconds(5));
        return SerialPortFile.Open(LinkPath);
    }

    private static byte[] Ask(FileStream gateway)
    {
        gateway.Write([0x01, 0x03, 0x00, 0x00, 0x00, 0x01, 0x84, 0x0A]);
        byte[] reply = new byte[7];
        gateway.ReadExactly(reply);
        return reply;
    }

    [Fact]
    public async Task A_question_on_the_line_gets_the_published_answer()
    {
        await using FileStream gateway = await OpenAsync();
        Assert.Equal([0x01, 0x03, 0x02, 0x00, 0x7D, 0x78, 0x65], Ask(gateway));
    }

    [Fact]
    public async Task Unplugging_hangs_up_on_the_reader_and_recovering_makes_a_new_line()
    {
        await using FileStream gateway = await OpenAsync();
        _adapter.Effects.Start(EffectKind.Unplug);
        Assert.ThrowsAny<IOException>(() => gateway.ReadExactly(new byte[1]));
        while (_bus.IsPlugged) await Task.Delay(TimeSpan.FromMilliseconds(5));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        _adapter.Effects.Clear();
        await using FileStream again = await OpenAsync();
        Assert.Equal(0x65, Ask(again)[^1]);
    }

    [Fact]
    public async Task An_adapter_that_echoes_says_the_question_before_the_answer()
    {
        await using FileStream gateway = await OpenAsync();
        _adapter.Effects.Start(EffectKind.Echo);
        byte[] question = [0x01, 0x03, 0x00, 0x00, 0x00, 0x01, 0x84, 0x0A], heard = new byte[15];
        gateway.Write(question);
        gateway.ReadExactly(heard);
        Assert.Equal([.. question, 0x01, 0x03, 0x02, 0x00, 0x7D, 0x78, 0x65], heard);
    }
}
