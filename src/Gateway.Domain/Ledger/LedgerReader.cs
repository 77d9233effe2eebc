using System.Globalization;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>Turns <c>ledger.json</c> into a <see cref="SiteLedger"/>, or into the list of everything that is wrong with it; never into half a ledger.</summary>
public static class LedgerReader
{
    private const int SerialCharactersMax = 64;

    /// <param name="file">Name to say in problems.</param>
    /// <param name="kindsByProfile">Known profiles and the kind of device each is for.</param>
    /// <returns>The ledger, or null when <paramref name="problems"/> gained an entry.</returns>
    public static SiteLedger? Read(string file, ReadOnlyMemory<byte> utf8, IReadOnlyDictionary<string, string> kindsByProfile, Problems problems)
    {
        int before = problems.Items.Count;
        var root = JsonObjectReader.Parse(file, utf8, problems);
        if (root is null) return null;
        if (root.IntegerOrNull("version", 1, 1) is null && !root.Has("version")) root.Report("version", "is missing (1 is required)");
        // For the editor of whoever writes the file.
        root.TextOrNull("$schema");
        // Where it matters the tables' rows have been put in already.
        root.Flag(LedgerTable.Member, true);
        var site = ReadSite(root);
        var enterprises = root.Objects("enterprises").Select(ReadEnterprise).ToList();
        var machines = MachineReader.Read(root, enterprises);
        var machinesById = new Dictionary<string, Machine>(StringComparer.Ordinal);
        foreach (var machine in machines) machinesById.TryAdd(machine.Id, machine);
        var buses = Unique(root.Objects("buses"), ReadBus, b => b.Id, "bus");
        var busesById = new Dictionary<string, Bus>(StringComparer.Ordinal);
        foreach (var bus in buses) busesById.TryAdd(bus.Id, bus);
        var devices = Unique(root.Objects("devices", required: true), o => ReadDevice(o, site.Id, busesById, machinesById, kindsByProfile), d => d.Id, "device");
        ReportSharedAddresses(root, devices);
        ReportMissingSerials(root, devices);
        var clients = ClientReader.Read(root, devices);
        var operators = Unique(root.Objects("operators"), PeopleReader.ReadOperator, o => o.Id, "operator");
        var policies = Unique(root.Objects("policies"), PeopleReader.ReadPolicy, p => p.Number, "policy");
        var calendars = CalendarReader.Read(root);
        var calendar = CalendarReader.OfSite(root, site.CalendarId, calendars);
        root.Done();
        if (problems.Items.Count > before) return null;
        return new SiteLedger(site, enterprises, buses, devices, operators, policies)
        {
            Machines = machines,
            Clients = clients,
            Calendars = calendars,
            Calendar = calendar,
            Brokers = [.. devices.Select(d => d.Broker).OfType<string>().Distinct()],
        };
    }

    private static Site ReadSite(JsonObjectReader root)
    {
        var o = root.ObjectOrNull("site");
        if (o is null)
        {
            root.Report("site", "is missing");
            return new Site("", new LocalText("", ""), TimeZoneInfo.Utc, "green");
        }
        string zone = o.TextOrNull("timeZone") ?? "Asia/Shanghai";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var timeZone))
            o.Report("timeZone", $"expected an IANA time zone known to this machine such as Asia/Shanghai, saw \"{zone}\"");
        var site = new Site(o.Identifier("id"), o.LocalText("name"), timeZone ?? TimeZoneInfo.Utc, o.OneOf("class", LedgerWords.SiteClasses, "green", required: false)) { CalendarId = o.TextOrNull("calendar") };
        o.Done();
        return site;
    }

    private static Enterprise ReadEnterprise(JsonObjectReader o)
    {
        var enterprise = new Enterprise(o.Identifier("id"), o.LocalText("name"), o.OneOf("role", LedgerWords.Roles, ""));
        o.Done();
        return enterprise;
    }

    private static Bus ReadBus(JsonObjectReader o)
    {
        string id = o.Identifier("id"), framing = o.TextOrNull("framing") ?? "8N1";
        var name = o.LocalText("name");
        var protocol = o.TextOrNull("protocol") is null ? BusProtocol.Modbus : o.OneOf("protocol", LedgerWords.Protocols, BusProtocol.Modbus);
        string? host = o.TextOrNull("host");
        if (host is not null) ReportWrongHost(o, host, protocol);
        // Behind a host the converter knows the rate; here it is what the schedule reckons with.
        string port = host is null ? o.Text("port") : "";
        int baud = o.IntegerOrNull("baud", 300, 4_000_000) ?? 9600;
        bool tcp = o.TextOrNull("transport") is not null && o.OneOf("transport", LedgerWords.Transports, false);
        if (host is null && o.Has("transport")) o.Report("transport", "expected only beside host: a serial port carries RTU frames");
        if (framing.Length != 3 || framing[0] is < '5' or > '8' || framing[1] is not ('N' or 'E' or 'O') || framing[2] is not ('1' or '2'))
            o.Report("framing", $"expected data bits, parity and stop bits as 8N1 or 7E2, saw \"{framing}\"");
        else if (protocol == BusProtocol.Modbus && framing[0] != '8') o.Report("framing", $"expected eight data bits on a Modbus bus, saw \"{framing}\"");
        bool rs485 = o.Flag("rs485", false);
        if (rs485 && host is not null) o.Report("rs485", "expected only beside port: the converter behind a host switches by itself");
        // A converter adds its own delays and the network's.
        int timeoutMs = o.IntegerOrNull("responseTimeoutMs", 10, 10_000) ?? (host is null ? 200 : 1_000);
        if (protocol != BusProtocol.Modbus && o.Has("responseTimeoutMs")) o.Report("responseTimeoutMs", "expected only for modbus: nobody is asked on this bus");
        o.Done();
        return new Bus(id, name, port, baud, framing) { Protocol = protocol, Host = host, ModbusTcp = tcp, Rs485 = rs485, ResponseTimeoutMs = timeoutMs };
    }

    private static void ReportWrongHost(JsonObjectReader o, string host, BusProtocol protocol)
    {
        if (o.Has("port")) o.Report("host", "expected either port or host, saw both");
        if (protocol != BusProtocol.Modbus) o.Report("host", "expected only for modbus: all other devices connect to us");
        int colon = host.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort at) || at == 0)
            o.Report("host", $"expected host:port of a converter, saw \"{host}\"");
    }

    private static Device ReadDevice(JsonObjectReader o, string siteId, Dictionary<string, Bus> buses, Dictionary<string, Machine> machines, IReadOnlyDictionary<string, string> kindsByProfile)
    {
        string id = o.Identifier("id"), kind = o.Identifier("kind"), profile = o.Identifier("profile");
        var name = o.LocalText("name");
        if (profile.Length > 0 && !kindsByProfile.TryGetValue(profile, out string? profileKind))
            o.Report("profile", $"expected a known profile ({string.Join(", ", kindsByProfile.Keys.Order(StringComparer.Ordinal))}), saw \"{profile}\"");
        else if (profile.Length > 0 && kind.Length > 0 && !string.Equals(kindsByProfile[profile], kind, StringComparison.Ordinal))
            o.Report("kind", $"expected \"{kindsByProfile[profile]}\", the kind of profile {profile}, saw \"{kind}\"");
        var link = o.OneOf("link", LedgerWords.Links, LinkKind.Mqtt);
        string? bus = o.TextOrNull("bus");
        string? broker = ReadBroker(o, link);
        string address = ReadAddress(o, link, siteId, kind, id);
        if (link == LinkKind.Modbus && bus is null) o.Report("bus", "is missing (a Modbus device hangs on a bus)");
        if (bus is not null && !buses.TryGetValue(bus, out _)) o.Report("bus", $"expected one of the buses of this ledger, saw \"{bus}\"");
        else if (bus is not null && !Speaks(buses[bus].Protocol, link)) o.Report("link", $"expected the protocol of bus {bus}, {buses[bus].Protocol.ToString().ToLowerInvariant()}, saw {LinkNames.Of(link, null)}");
        int expectedMs = (int)Math.Round(o.Number("expectedIntervalSeconds", 0.1, 86_400, 20) * 1000);
        double? offlineAfter = o.NumberOrNull("offlineAfterSeconds", 0.2, 604_800);
        int offlineAfterMs = offlineAfter is { } seconds ? (int)Math.Round(seconds * 1000) : 3 * expectedMs;
        if (offlineAfterMs < expectedMs) o.Report("offlineAfterSeconds", "expected at least one expectedIntervalSeconds, or every device would flap");
        bool safety = o.Flag("safety", false);
        DateOnly? from = o.DateOrNull("inService"), to = o.DateOrNull("outOfService");
        if (from is { } f && to is { } t && t < f) o.Report("outOfService", $"expected a day not before inService {f:yyyy-MM-dd}, saw {t:yyyy-MM-dd}");
        string? registration = o.TextOrNull("registration");
        var (credentials, login) = ClientReader.ReadDevice(o, link);
        var priority = o.OneOf("priority", LedgerWords.Priorities, safety ? BusPriority.High : BusPriority.Normal, required: false);
        if (o.Has("priority") && link != LinkKind.Modbus) o.Report("priority", $"expected none: a device on link {LinkNames.Of(link, null)} is not asked");
        var hj212 = Hj212Dialect.Read(o, link);
        string? machine = MachineReader.ReadOf(o, kind, machines), place = o.TextOrNull("place");
        o.Done();
        return new Device(id, name, kind, profile, link, address, bus, safety, expectedMs, offlineAfterMs, from, to, registration)
        {
            Credentials = credentials,
            Login = login,
            Broker = broker,
            Priority = priority,
            Hj212 = hj212,
            Machine = machine,
            Place = place,
        };
    }

    /// <summary>A device of another link may name a bus all the same: where its power or its converter hangs.</summary>
    private static bool Speaks(BusProtocol protocol, LinkKind link) => link switch
    {
        LinkKind.Modbus => protocol == BusProtocol.Modbus,
        LinkKind.Hj212 => protocol == BusProtocol.Hj212,
        LinkKind.Goyo => protocol == BusProtocol.Goyo,
        LinkKind.Tx101 => protocol == BusProtocol.Tx101,
        _ => true,
    };

    /// <summary>Whether the configuration knows it is checked where both are read.</summary>
    private static string? ReadBroker(JsonObjectReader o, LinkKind link)
    {
        if (o.TextOrNull("broker") is null) return null;
        if (link is not (LinkKind.Mqtt or LinkKind.Sparkplug)) o.Report("broker", $"expected none: no broker stands between us and a device on link {LinkNames.Of(link, null)}");
        return o.Identifier("broker");
    }

    private static string ReadAddress(JsonObjectReader o, LinkKind link, string siteId, string kind, string id)
    {
        switch (link)
        {
            case LinkKind.Mqtt:
                string topic = o.TextOrNull("topic") ?? $"site/{siteId}/{kind}/{id}";
                // The default of an entry without an id would only repeat that it is missing.
                if (o.Has("topic") && (topic.AsSpan().IndexOfAny('#', '+') >= 0 || topic.EndsWith('/'))) o.Report("topic", $"expected a topic prefix without wildcards and closing slash, saw \"{topic}\"");
                return MqttAddress.Of(topic, ReadSerial(o));
            case LinkKind.Modbus:
                int? unit = o.IntegerOrNull("unit", 1, 247);
                if (unit is null && !o.Has("unit")) o.Report("unit", "is missing (a Modbus unit address, 1 to 247)");
                return (unit ?? 0).ToString(CultureInfo.InvariantCulture);
            case LinkKind.Sparkplug:
                return ReadSparkplug(o);
            case LinkKind.Goyo or LinkKind.Tx101:
                return o.Text("station");
            default:
                return o.Text("mn");
        }
    }

    private static string ReadSparkplug(JsonObjectReader o)
    {
        string address = o.Text("sparkplug");
        string[] ids = address.Split('/');
        if (address.Length > 0 && (ids.Length is not (2 or 3) || ids.Contains("") || address.AsSpan().IndexOfAny('#', '+') >= 0))
            o.Report("sparkplug", $"expected \"group/node\" or \"group/node/device\" without wildcards, saw \"{address}\"");
        return address;
    }

    /// <summary>Tells the device from others on its topic; compared with what its messages carry, character by character.</summary>
    private static string? ReadSerial(JsonObjectReader o)
    {
        if (o.TextOrNull("serial") is not { } serial) return null;
        if (serial.Length is 0 or > SerialCharactersMax || serial.Any(char.IsControl)) o.Report("serial", $"expected 1 to {SerialCharactersMax} characters, saw \"{serial}\"");
        return serial;
    }

    internal static List<T> Unique<T>(IEnumerable<JsonObjectReader> items, Func<JsonObjectReader, T> read, Func<T, string> key, string what)
    {
        var list = new List<T>();
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var o in items)
        {
            var item = read(o);
            string id = key(item);
            if (id.Length > 0 && !first.TryAdd(id, o.Path)) o.Report("", $"{what} \"{id}\" is already at {first[id]}");
            list.Add(item);
        }
        return list;
    }

    private static void ReportSharedAddresses(JsonObjectReader root, List<Device> devices)
    {
        var first = new Dictionary<(LinkKind, string?, string), string>();
        foreach (var device in devices)
        {
            if (device.Address.Length == 0) continue;
            if (!first.TryAdd((device.Link, device.Via, device.Address), device.Id) && first[(device.Link, device.Via, device.Address)] != device.Id)
                root.Report("devices", $"devices {first[(device.Link, device.Via, device.Address)]} and {device.Id} share the address {device.Address}");
        }
    }

    private static void ReportMissingSerials(JsonObjectReader root, List<Device> devices)
    {
        foreach (var topic in devices.Where(d => d.Link == LinkKind.Mqtt).GroupBy(d => (d.Broker, Topic: MqttAddress.TopicOf(d.Address))))
            if (topic.FirstOrDefault(d => MqttAddress.SerialOf(d.Address) is null) is { } bare && topic.FirstOrDefault(d => MqttAddress.SerialOf(d.Address) is not null) is { } other)
                root.Report("devices", $"devices {bare.Id} and {other.Id} share the topic {topic.Key.Topic}: each of them needs a serial");
    }
}
