using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>The denominator: what the site is, what must be online, who may operate, what insures it. Validated, immutable.</summary>
public sealed record SiteLedger(
    Site Site,
    IReadOnlyList<Enterprise> Enterprises,
    IReadOnlyList<Bus> Buses,
    IReadOnlyList<Device> Devices,
    IReadOnlyList<Operator> Operators,
    IReadOnlyList<Policy> Policies)
{
    public IReadOnlyList<Machine> Machines { get; init; } = [];

    public IReadOnlyList<WorkCalendar> Calendars { get; init; } = [];

    /// <summary>The calendar of the site; null where nobody has written one.</summary>
    public WorkCalendar? Calendar { get; init; }

    /// <summary>Who connects by MQTT besides the devices.</summary>
    public IReadOnlyList<Client> Clients { get; init; } = [];

    /// <summary>Ids of the brokers we are a client of: those the devices name, once the configuration is read all it knows.</summary>
    public IReadOnlyList<string> Brokers { get; init; } = [];
}

public sealed record Site(string Id, LocalText Name, TimeZoneInfo TimeZone, string Class)
{
    /// <summary>The calendar it names; <see cref="SiteLedger.Calendar"/> is the one that holds.</summary>
    public string? CalendarId { get; init; }
}

public sealed record Enterprise(string Id, LocalText Name, string Role);

/// <summary>A pair of wires, or the TCP connection to a converter that stands for one.</summary>
/// <param name="Port">Device file; prefer <c>/dev/serial/by-id/…</c>, which survives a replug. A relative path lies beside the ledger file. Empty for a bus behind <see cref="Host"/>.</param>
/// <param name="Framing">Data bits, parity, stop bits as <c>8N1</c>.</param>
public sealed record Bus(string Id, LocalText Name, string Port, int Baud, string Framing)
{
    /// <summary>What is spoken on it. On <see cref="BusProtocol.Modbus"/> we ask; on all others the devices speak by themselves and we listen and answer.</summary>
    public BusProtocol Protocol { get; init; }

    /// <summary><c>host:port</c> of a converter that we connect to, or null for a serial port.</summary>
    public string? Host { get; init; }

    /// <summary>How Modbus frames travel to <see cref="Host"/>: whole RTU frames with their CRC, or with the header of Modbus TCP.</summary>
    public bool ModbusTcp { get; init; }

    /// <summary>The driver is asked to switch the direction of an RS-485 pair by itself.</summary>
    public bool Rs485 { get; init; }

    /// <summary>How long a unit may take to begin its reply, ms.</summary>
    public int ResponseTimeoutMs { get; init; } = 200;
}

/// <summary>Who is asked first when several units of a bus are due.</summary>
public enum BusPriority : byte { High, Normal, Low }

/// <summary>What is spoken on a bus.</summary>
public enum BusProtocol : byte { Modbus, Hj212, Goyo, Tx101 }

/// <summary>One device that the site answers for.</summary>
/// <param name="Address">Where its messages come from on its link: an MQTT topic or its prefix (<see cref="MqttAddress"/>), a Modbus unit, an HJ 212 MN, the id in a black box's frames, a Sparkplug <c>group/node</c> or <c>group/node/device</c>.</param>
/// <param name="Bus">The bus it hangs on, or null.</param>
/// <param name="ExpectedMs">Expected interval between two life-giving messages, ms.</param>
/// <param name="OfflineAfterMs">Silence after which it is offline, ms; default three expected intervals.</param>
/// <param name="InServiceFrom">First civil day on which it counts; null = never yet.</param>
/// <param name="InServiceTo">Last civil day on which it counts; null = open.</param>
public sealed record Device(
    string Id,
    LocalText Name,
    string Kind,
    string Profile,
    LinkKind Link,
    string Address,
    string? Bus,
    bool Safety,
    int ExpectedMs,
    int OfflineAfterMs,
    DateOnly? InServiceFrom,
    DateOnly? InServiceTo,
    string? Registration)
{
    /// <summary>How it proves who it is on a link it connects to us by.</summary>
    public Credentials Credentials { get; init; } = Credentials.None;

    /// <summary>The client it comes in through (several devices behind one DTU); null: it signs in as itself.</summary>
    public string? Login { get; init; }

    /// <summary>How it speaks HJ 212, and what it may be told.</summary>
    public Hj212Dialect Hj212 { get; init; } = Hj212Dialect.Default;

    /// <summary>The broker its messages come from; null = the device connects to us.</summary>
    public string? Broker { get; init; }

    /// <summary>Its turn on a polled bus; safety devices are high unless their entry says otherwise.</summary>
    public BusPriority Priority { get; init; } = BusPriority.Normal;

    /// <summary>Id of the machine it watches over or hangs on; null = none.</summary>
    public string? Machine { get; init; }

    /// <summary>Where it stands, in the words of the site: entrance, crane top, pit.</summary>
    public string? Place { get; init; }

    /// <summary>Within what its address is unique: the bus of a Modbus unit, the broker of a device behind one, null = our own listener.</summary>
    public string? Via => Link == LinkKind.Modbus ? Bus : Broker;

    /// <summary>Its way to us in one word, as in the names of unregistered devices: <c>modbus</c>, <c>mqtt</c>, <c>mqtt@yard</c>.</summary>
    public string LinkName => LinkNames.Of(Link, Broker);

    /// <summary>Whether the device counts on that civil day of the site.</summary>
    public bool InServiceOn(DateOnly day) => InServiceFrom is { } from && day >= from && (InServiceTo is not { } to || day <= to);
}

public static class LinkNames
{
    /// <param name="broker">The broker in between, or null. It never holds an @.</param>
    public static string Of(LinkKind link, string? broker)
    {
        string word = Enum.GetName(link)!.ToLowerInvariant();
        return broker is null ? word : $"{word}@{broker}";
    }
}

/// <summary>How a device reaches us. GOYO and TX101 are the crane, hoist and dust black boxes of DOMAIN §1.4 to §1.6.</summary>
public enum LinkKind : byte { Mqtt, Modbus, Hj212, Sparkplug, Goyo, Tx101 }
