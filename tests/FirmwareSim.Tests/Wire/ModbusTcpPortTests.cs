using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FirmwareSim.Devices;
using FirmwareSim.Machines;
using FirmwareSim.Wire.Modbus;

namespace FirmwareSim.Tests.Wire;

public sealed class ModbusTcpPortTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Device _anemometer = new("wind-1", DeviceKind.Wind, LinkKind.Modbus, TimeProvider.System);
    private readonly int _port = FreePort();
    private readonly Task _running;

    public ModbusTcpPortTests()
    {
        var unit = new ModbusUnit(1, _anemometer, () => RegisterImage.OfAnemometer(new WindSample(12.5)));
        var journal = new Journal(TextWriter.Null, TimeProvider.System);
        _running = new ModbusTcpPort(new HostPort("127.0.0.1", _port), [unit], TimeProvider.System, journal).RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public void A_question_gets_the_answer_with_its_own_transaction()
    {
        using var master = new TcpClient("127.0.0.1", _port);
        Assert.Equal([0xAB, 0xCD, 0, 0, 0, 5, 1, 3, 2, 0x00, 0x7D], Ask(master, [0xAB, 0xCD, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1], 11));
        Assert.Equal([0, 2, 0, 0, 0, 3, 1, 0x84, 1], Ask(master, [0, 2, 0, 0, 0, 6, 1, 4, 0, 0, 0, 1], 9));
        _anemometer.Effects.Start(EffectKind.Drip);
        Assert.Equal([0, 3, 0, 0, 0, 5, 1, 3, 2, 0x00, 0x7D], Ask(master, [0, 3, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1], 11));
    }

    [Fact]
    public async Task A_master_that_is_not_ours_reads_it()
    {
        string[] arguments = ["-m", "tcp", "-p", $"{_port}", "-a", "1", "-0", "-r", "0", "-c", "1", "-t", "4", "-1", "127.0.0.1"];
        using var mbpoll = Process.Start(new ProcessStartInfo("mbpoll", arguments) { RedirectStandardOutput = true })!;
        string said = await mbpoll.StandardOutput.ReadToEndAsync();
        await mbpoll.WaitForExitAsync();
        Assert.Equal(0, mbpoll.ExitCode);
        Assert.Matches(@"\[0\]:\s+125", said);
    }

    private static byte[] Ask(TcpClient master, byte[] question, int answerBytes)
    {
        master.ReceiveTimeout = 10_000;
        master.GetStream().Write(question);
        byte[] answer = new byte[answerBytes];
        master.GetStream().ReadExactly(answer);
        return answer;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
