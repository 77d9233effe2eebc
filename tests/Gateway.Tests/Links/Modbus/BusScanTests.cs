using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Links.Modbus.Scan;
using Gateway.Links.Serial;
using Gateway.Testing;
using Gateway.Testing.Serial;
using Xunit;

namespace Gateway.Tests.Links.Modbus;

[Collection(SerialPortsCollection.Name)]
public sealed class BusScanTests : IDisposable
{
    private static readonly ushort[] s_station = [0x00F0, 2, 3, 0x87, 0x023A, 0x8E, 0x027B, 0x29, 0x5C, 0x03FA, 0, 0x2EE0, 0x78, 0];
    private readonly TemporaryFolder _folder = new();
    private readonly StopSignal _stop = new();

    private string Link => _folder["adapter"];

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Rate_addresses_and_profiles_are_found()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (request, line) =>
        {
            // A pseudo-terminal does not garble at a wrong rate: these units are deaf there.
            if (PseudoTerminal.SettingsOf(adapter.SlavePath).OutputRate != 4800) return;
            if (request[0] == 7) line.Send(request[1] == 3 && request[2] == 1 && request[3] == 0xF4 ? ScriptedUnits.Reply(7, 3, s_station) : ScriptedUnits.Exception(7, request[1], 2));
            if (request[0] == 3) line.Send(request is [_, 3, 0, 0, 0, 1, ..] ? ScriptedUnits.Reply(3, 3, 57) : ScriptedUnits.Exception(3, request[1], 2));
        });
        var watched = new Watching();
        var result = Scan(watched, rates: [9600, 4800, 19_200]);

        Assert.Null(result.Fault);
        Assert.Equal([(3, 4800, "8N1", 3, "data"), (7, 4800, "8N1", 3, "exception 2")], result.Units.Select(u => (u.Address, u.Baud, u.Framing, u.Function, u.Answer)));
        var station = Assert.Single(result.Units[1].Profiles);
        Assert.Equal("renke-fsxcs-n01", station.Profile);
        Assert.Equal((101.8, 14.2), (station.Values["pressure_kpa"], station.Values["temp_c"]));
        Assert.InRange(station.Confidence, 0.8, 1);
        Assert.Equal("renke-fsjt-n01", Assert.Single(result.Units[0].Profiles).Profile);
        Assert.Equal(["listening 9600 8N1", "trying 9600 8N1", "trying 4800 8N1", "found 3", "found 7"], watched.Told);
    }

    [Theory]
    [InlineData("##0076QN=20260305101500123;ST=39;CN=2011;PW=123456;MN=X;Flag=5;CP=&&&&0000\r\n", "hj212")]
    [InlineData("hex:A55A0213030102030405EEFF", "goyo")]
    [InlineData("hex:007E7E0100112233447D7D", "goyo")]
    [InlineData("hex:68046801020304FF16", "tx101")]
    [InlineData("hex:FF010300000001840A", "modbus")]
    public void Who_speaks_by_himself_is_recognised_and_nobody_is_asked(string spoken, string protocol)
    {
        byte[] bytes = spoken.StartsWith("hex:", StringComparison.Ordinal) ? Convert.FromHexString(spoken[4..]) : Encoding.ASCII.GetBytes(spoken);
        using var adapter = PseudoTerminal.Plug(Link);
        using var units = new ScriptedUnits(adapter, (_, _) => { });
        // A thread of its own: on a busy machine the pool's come too late.
        using var over = new ManualResetEventSlim();
        var talking = new Thread(() =>
        {
            // Until somebody has opened it the terminal echoes, which no adapter does.
            while (!over.Wait(30))
                if (PseudoTerminal.SettingsOf(adapter.SlavePath).LocalFlags == 0) adapter.Write(bytes);
        });
        talking.Start();
        var result = Scan(new Watching(), rates: [9600], listenMs: 1_000);
        over.Set();
        talking.Join();
        Assert.Equal(protocol, Assert.Single(result.Talkers).Protocol);
        Assert.Empty(units.Requests);
    }

    [Fact]
    public void Noise_has_no_name()
    {
        Assert.Null(BusEar.Recognise([]));
        Assert.Equal("unknown", BusEar.Recognise([0x23, 0x23, 0x30, 0xA5, 0x5A, 0x68, 0x68]));
    }

    [Fact]
    public void A_held_port_is_refused_with_the_name_of_who_holds_it()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        Assert.True(SerialPort.TryOpen(new(Link, 9600, SerialFraming.EightNone1), out var port, out _));
        using (port) Assert.Contains($"(pid {Environment.ProcessId})", Scan(new Watching(), rates: [9600]).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void It_ends_when_it_is_told_to_and_leaves_the_port_free()
    {
        using var adapter = PseudoTerminal.Plug(Link);
        int asked = 0;
        using var units = new ScriptedUnits(adapter, (_, _) =>
        {
            if (++asked == 3) _stop.Set();
        });
        var result = Scan(new Watching(), rates: [9600, 4800]);
        Assert.True(result.Stopped);
        Assert.Equal(3, asked);
        Assert.True(SerialPort.TryOpen(new(Link, 9600, SerialFraming.EightNone1), out var port, out _));
        port.Dispose();
    }

    [Fact]
    public void The_time_it_may_take_is_known_before()
    {
        var options = Options([9600], 3_000) with { Units = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };
        // Twenty requests of 8 characters, 3.5 characters of silence and 50 ms each, after three seconds.
        Assert.Equal(3 + (20 * (0.05 + (11.5 / 960))), options.Longest.TotalSeconds, 0.01);
    }

    private static BusScanOptions Options(IReadOnlyList<int> rates, int listenMs)
    {
        Assert.True(SerialFraming.TryParse("8N1", out var framing));
        return new BusScanOptions("", rates, [framing], [1, 3, 7], TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(listenMs), All: false);
    }

    private BusScanResult Scan(Watching watched, IReadOnlyList<int> rates, int listenMs = 100)
    {
        var profiles = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), new Problems());
        return new BusScanner(Options(rates, listenMs) with { Port = Link }, profiles.All, new GatewayClock(TimeProvider.System), _stop, watched).Run();
    }

    private sealed class Watching : IBusScanProgress
    {
        public List<string> Told { get; } = [];

        public void Listening(int baud, string framing, TimeSpan length) => Told.Add($"listening {baud} {framing}");

        public void Trying(int baud, string framing, TimeSpan rest) => Told.Add($"trying {baud} {framing}");

        public void Found(FoundUnit unit) => Told.Add($"found {unit.Address}");
    }
}
