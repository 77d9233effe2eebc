using FirmwareSim.Devices;
using FirmwareSim.Machines;
using FirmwareSim.Wire;
using FirmwareSim.Wire.Boxes;
using FirmwareSim.Wire.Hj212;
using FirmwareSim.Wire.Modbus;
using FirmwareSim.Wire.Mqtt;

namespace FirmwareSim;

/// <summary>
/// The demonstration site of CONTRACT.md: every device with its machine and its link. Nothing moves before <see cref="RunAsync"/>.
/// </summary>
internal sealed class Site
{
    private const string DustMonitorNumber = "NB0203000000000000000002";
    private const string LoggerNumber = "NB0203000000000000000021";
    private const string DustMonitorPassword = "123456";
    private const double CraneTop = 1.15;
    private const double Ground = 0.75;

    private readonly SimOptions _options;
    private readonly SiteClock _clock;
    private readonly Journal _journal;
    private readonly Weather _weather;
    private readonly List<Device> _devices = [];
    private readonly List<Func<CancellationToken, Task>> _loops = [];

    public Site(SimOptions options, TimeProvider time, Journal journal)
    {
        (_options, _clock, _journal) = (options, new SiteClock(time), journal);
        _weather = new Weather(options.Seed, _clock.StartHour);
        AddMqtt("crane-1", DeviceKind.Crane, 2, random => new Crane(random, _weather, ratedMomentTm: 80, travelHeightM: 38, "op-1001"));
        AddMqtt("crane-2", DeviceKind.Crane, 2, random => new Crane(random, _weather, ratedMomentTm: 63, travelHeightM: 50, "op-1002"));
        AddMqtt("hoist-1", DeviceKind.Hoist, 2, random => new Hoist(random, _weather, "op-2001"));
        AddMqtt("dust-3", DeviceKind.Dust, 5, random => new DustStation(random, _weather, dustiness: 1.15, exposure: 0.6));
        foreach (string id in (string[])["camera-1", "camera-2", "camera-3"])
            AddMqtt(id, DeviceKind.Camera, 10, random => new Camera(random));
        AddHj212("dust-2", 5, random => new DustStation(random, _weather, dustiness: 1, Ground));
        if (options.Logger is { } to) AddLogger("dust-9", to, random => new DustStation(random, _weather, dustiness: 1.05, Ground));
        Sensor<DustSample> station = NewSensor("weather-1", DeviceKind.Dust, LinkKind.Modbus,
            random => new DustStation(random, _weather, dustiness: 0.9, Ground));
        Sensor<WindSample> anemometer = NewSensor("wind-1", DeviceKind.Wind, LinkKind.Modbus, _ => new Anemometer(_weather, CraneTop));
        Device adapter = NewDevice("bus-1", DeviceKind.Bus, LinkKind.Bus);
        ModbusUnit[] units =
        [
            new(1, station.Device, () => RegisterImage.OfStation(station.Read())),
            new(2, anemometer.Device, () => RegisterImage.OfAnemometer(anemometer.Read())),
        ];
        Bus = new SerialBus(adapter, options.BusPath, units, time, journal);
        if (options.Goyo is { } goyo) AddGoyo(goyo);
        if (options.Tx101 is { } tx101) AddTx101(tx101);
        _loops.Add(stop => OwnThread.RunAsync("bus-1", () => Bus.Run(stop)));
        if (options.ModbusTcp is { } at) _loops.Add(new ModbusTcpPort(at, units, time, journal).RunAsync);
    }

    /// <summary>All devices and the bus adapter.</summary>
    public IReadOnlyList<Device> Devices => _devices;

    public SerialBus Bus { get; }

    /// <summary>
    /// Runs all devices until <paramref name="stop"/>. When one of them fails for good, all end and the failure is thrown.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> running = _loops.ConvertAll(loop => loop(over.Token));
        await Task.WhenAny(running);
        await over.CancelAsync();
        await Task.WhenAll(running);
    }

    private void AddMqtt<TSample>(string id, DeviceKind kind, double intervalSeconds, Func<Random, IMachine<TSample>> machine)
        where TSample : class, ISample
    {
        Sensor<TSample> sensor = NewSensor(id, kind, LinkKind.Mqtt, machine);
        var outbox = new Outbox(sensor.Device.Traffic);
        var topics = new MqttTopics(_options.SiteId, sensor.Device);
        var reporter = new MqttReporter<TSample>(sensor, outbox, Interval(intervalSeconds), _clock.Time);
        MqttSession NewSession() => new(sensor.Device, topics, outbox, _clock.Time);
        _loops.Add(reporter.RunAsync);
        _loops.Add(new DeviceLink(sensor.Device, _options.Mqtt, NewSession, _clock.Time, _journal).RunAsync);
    }

    private void AddHj212(string id, double intervalSeconds, Func<Random, IMachine<DustSample>> machine)
    {
        Sensor<DustSample> sensor = NewSensor(id, DeviceKind.Dust, LinkKind.Hj212, machine);
        var writer = new Hj212Writer(sensor, DustMonitorNumber, DustMonitorPassword);
        var pending = new PendingFrames(sensor.Device.Traffic, _clock.Time);
        Hj212Session NewSession() => new(sensor.Device, writer, pending, Interval(intervalSeconds), _clock.Time, _journal);
        _loops.Add(new DeviceLink(sensor.Device, _options.Hj212, NewSession, _clock.Time, _journal).RunAsync);
    }

    private void AddLogger(string id, HostPort to, Func<Random, IMachine<DustSample>> machine)
    {
        Sensor<DustSample> sensor = NewSensor(id, DeviceKind.Dust, LinkKind.Hj212, machine);
        var memory = new LoggerMemory(sensor);
        var desk = new LoggerDesk(memory, DustMonitorPassword, LoggerNumber);
        var pending = new PendingFrames(sensor.Device.Traffic, _clock.Time);
        LoggerSession NewSession() =>
            new(sensor.Device, memory, desk, pending, new LoggerIdentity(LoggerNumber, DustMonitorPassword), _options.Rate, _clock.Time, _journal);
        _loops.Add(stop => MeasureAsync(sensor.Device, memory, stop));
        _loops.Add(new DeviceLink(sensor.Device, to, NewSession, _clock.Time, _journal).RunAsync);
    }

    /// <summary>A logger measures whether anybody listens or not; without power it does not.</summary>
    private async Task MeasureAsync(Device device, LoggerMemory memory, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!device.Effects.Has(EffectKind.PowerCut)) memory.Measure();
            await Task.Delay(Interval(5), _clock.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void AddGoyo(HostPort peer)
    {
        Sensor<CraneSample> first = NewSensor("goyo-1", DeviceKind.Crane, LinkKind.Goyo, random => new Crane(random, _weather, ratedMomentTm: 80, travelHeightM: 38, "op-1003"));
        Sensor<CraneSample> second = NewSensor("goyo-2", DeviceKind.Crane, LinkKind.Goyo, random => new Crane(random, _weather, ratedMomentTm: 63, travelHeightM: 44, "op-1004"));
        AddBoxes(first.Device, peer, new GoyoUnit(first, "TC000001", isLong: true, _clock, Interval(5), Interval(30)));
        AddBoxes(second.Device, peer, new GoyoUnit(second, "390607", isLong: false, _clock, Interval(5), Interval(30)));
    }

    /// <summary>Three boxes on one wire, and the modem that carries it.</summary>
    private void AddTx101(HostPort peer)
    {
        Device modem = NewDevice("tx-modem", DeviceKind.Modem, LinkKind.Tx101);
        Sensor<CraneSample> crane = NewSensor("tx-crane", DeviceKind.Crane, LinkKind.Tx101, random => new Crane(random, _weather, ratedMomentTm: 80, travelHeightM: 41, "op-1005"));
        Sensor<HoistSample> hoist = NewSensor("tx-hoist", DeviceKind.Hoist, LinkKind.Tx101, random => new Hoist(random, _weather, "op-2002"));
        Sensor<DustSample> dust = NewSensor("tx-dust", DeviceKind.Dust, LinkKind.Tx101, random => new DustStation(random, _weather, dustiness: 1.05, Ground));
        AddBoxes(modem, peer,
            new Tx101Crane(crane, terminal: 1, person: 1005, _clock, Interval(5), Interval(60)),
            new Tx101Hoist(hoist, terminal: 2, person: 2002, _clock, Interval(5), Interval(60)),
            new Tx101Dust(dust, terminal: 3, _clock, Interval(5), Interval(60)));
    }

    private void AddBoxes(Device carrier, HostPort peer, params IReadOnlyList<BoxUnit> units)
    {
        foreach (BoxUnit unit in units) _loops.Add(unit.RunAsync);
        _loops.Add(new DeviceLink(carrier, peer, () => new BoxSession(carrier, units, _clock.Time), _clock.Time, _journal).RunAsync);
    }

    private Sensor<TSample> NewSensor<TSample>(string id, DeviceKind kind, LinkKind link, Func<Random, IMachine<TSample>> machine)
        where TSample : class => new(NewDevice(id, kind, link), machine(Seeds.For(_options.Seed, id)), _clock);

    private Device NewDevice(string id, DeviceKind kind, LinkKind link)
    {
        var device = new Device(id, kind, link, _clock.Time);
        _devices.Add(device);
        return device;
    }

    private TimeSpan Interval(double seconds) => TimeSpan.FromSeconds(seconds / _options.Rate);
}
