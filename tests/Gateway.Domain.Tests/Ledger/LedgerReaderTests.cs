using System.Text;
using System.Text.Json.Nodes;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Testing;
using Xunit;

namespace Gateway.Domain.Tests.Ledger;

public sealed class LedgerReaderTests
{
    private static readonly Dictionary<string, string> Profiles = Repository.ReadAll("src/Gateway.Service/profiles", ".json")
        .Select(f => JsonNode.Parse(f.Utf8.Span)!).ToDictionary(p => (string)p["id"]!, p => (string)p["kind"]!);

    [Fact]
    public void The_ledger_of_the_demo_site_reads_without_a_problem()
    {
        var problems = new Problems();
        var ledger = LedgerReader.Read("ledger.json", Repository.Read("deploy/demo-site/ledger.json"), Profiles, problems);

        Assert.Empty(problems.Items);
        Assert.NotNull(ledger);
        Assert.NotEmpty(ledger.Devices);
        Assert.Contains(ledger.Devices, d => d.Safety);
        Assert.All(ledger.Devices, d => Assert.True(d.OfflineAfterMs >= d.ExpectedMs));
        Assert.Equal(TimeSpan.FromHours(8), ledger.Site.TimeZone.BaseUtcOffset);
    }

    [Fact]
    public void What_is_not_said_has_the_documented_default()
    {
        var device = Read(Whole(), out _)!.Devices[0];

        Assert.Equal((20_000, 60_000, false, "site/s1/crane/c1"), (device.ExpectedMs, device.OfflineAfterMs, device.Safety, device.Address));
        Assert.False(device.InServiceOn(new DateOnly(2026, 1, 31)));
        Assert.True(device.InServiceOn(new DateOnly(2026, 2, 1)));
    }

    public static TheoryData<string, Action<JsonObject>, string> Faults => new()
    {
        { "unknown key", l => l["devcies"] = new JsonArray(), "devcies" },
        { "unknown key deep inside", l => Device(l, 0)["saftey"] = true, "devices[0].saftey" },
        { "wrong type", l => Device(l, 0)["safety"] = "yes", "devices[0].safety" },
        { "no site", l => l.Remove("site"), "site" },
        { "unknown version", l => l["version"] = 2, "version" },
        { "unknown time zone", l => l["site"]!["timeZone"] = "Mars/Base", "site.timeZone" },
        { "duplicate device", l => Device(l, 1)["id"] = "c1", "devices[1]" },
        { "shared topic", l => Device(l, 1)["topic"] = "site/s1/crane/c1", "devices" },
        { "shared unit of one bus", l => l["devices"]!.AsArray().Add(new JsonObject { ["id"] = "a2", ["name"] = "n", ["kind"] = "wind", ["profile"] = "renke-fsjt-n01", ["link"] = "modbus", ["bus"] = "b1", ["unit"] = 1 }), "devices" },
        { "unknown profile", l => Device(l, 0)["profile"] = "crane-jsno", "devices[0].profile" },
        { "profile of another kind", l => Device(l, 0)["kind"] = "dust", "devices[0].kind" },
        { "unknown bus", l => Device(l, 2)["bus"] = "b9", "devices[2].bus" },
        { "Modbus device without a bus", l => Device(l, 2).Remove("bus"), "devices[2].bus" },
        { "broker of a Modbus device", l => Device(l, 2)["broker"] = "yard", "devices[2].broker" },
        { "broker that is no identifier", l => Device(l, 0)["broker"] = "the yard", "devices[0].broker" },
        { "shared topic of one broker", l => (Device(l, 0)["broker"], Device(l, 1)["broker"], Device(l, 1)["topic"]) = ("yard", "yard", "site/s1/crane/c1"), "devices" },
        { "unit out of range", l => Device(l, 2)["unit"] = 248, "devices[2].unit" },
        { "priority of a device that is not asked", l => Device(l, 0)["priority"] = "high", "devices[0].priority" },
        { "priority that is none", l => Device(l, 2)["priority"] = "urgent", "devices[2].priority" },
        { "time-out out of range", l => l["buses"]![0]!["responseTimeoutMs"] = 5, "buses[0].responseTimeoutMs" },
        { "topic with a wildcard", l => Device(l, 0)["topic"] = "site/+/c1", "devices[0].topic" },
        { "topics shared with and without a serial", l => { Device(l, 0)["topic"] = "up"; Device(l, 1)["topic"] = "up"; Device(l, 1)["serial"] = "2"; }, "devices" },
        { "empty serial", l => Device(l, 0)["serial"] = "", "devices[0].serial" },
        { "serial that is too long", l => Device(l, 0)["serial"] = new string('7', 65), "devices[0].serial" },
        { "serial with a control character", l => Device(l, 0)["serial"] = "a\nb", "devices[0].serial" },
        { "serial on a bus", l => Device(l, 2)["serial"] = "7", "devices[2].serial" },
        { "Sparkplug device without an address", l => Sparkplug(l, null), "devices[3].sparkplug" },
        { "Sparkplug group alone", l => Sparkplug(l, "yard"), "devices[3].sparkplug" },
        { "Sparkplug address of four ids", l => Sparkplug(l, "yard/n1/k1/x"), "devices[3].sparkplug" },
        { "Sparkplug address with an empty id", l => Sparkplug(l, "yard//k1"), "devices[3].sparkplug" },
        { "Sparkplug address with a wildcard", l => Sparkplug(l, "yard/+/k1"), "devices[3].sparkplug" },
        { "shared Sparkplug address", l => { Sparkplug(l, "yard/n1"); Sparkplug(l, "yard/n1", "s2"); }, "devices" },
        { "reversed service", l => Device(l, 0)["outOfService"] = "2026-01-01", "devices[0].outOfService" },
        { "no such day", l => Device(l, 0)["inService"] = "2026-02-30", "devices[0].inService" },
        { "silence shorter than the interval", l => Device(l, 0)["offlineAfterSeconds"] = 5, "devices[0].offlineAfterSeconds" },
        { "reversed certificate", l => l["operators"]![0]!["certificates"]![0]!["validTo"] = "2020-01-01", "operators[0].certificates[0].validTo" },
        { "unknown certificate", l => l["operators"]![0]!["certificates"]![0]!["type"] = "pilot", "operators[0].certificates[0].type" },
        { "reversed policy", l => l["policies"]![0]!["validTo"] = "2020-01-01", "policies[0].validTo" },
        { "bad framing", l => l["buses"]![0]!["framing"] = "8X1", "buses[0].framing" },
        { "seven data bits for RTU", l => l["buses"]![0]!["framing"] = "7E1", "buses[0].framing" },
        { "client with the id of a device", l => Client(l)["id"] = "c1", "clients" },
        { "client that stands twice", l => l["clients"]!.AsArray().Add(Client(l).DeepClone()), "clients[1]" },
        { "client with an unknown member", l => Client(l)["pasword"] = "x", "clients[0].pasword" },
        { "filters that are no list", l => Client(l)["publish"] = "#", "clients[0].publish" },
        { "login of nobody", l => Device(l, 1)["login"] = "dtu-9", "devices[1].login" },
        { "password beside a login", l => Device(l, 0)["password"] = "pbkdf2-sha256$1000$AAAA$AAAA", "devices[0].login" },
        { "login of a device that does not connect", l => Device(l, 2)["login"] = "dtu-1", "devices[2].login" },
        { "certificate of a device that does not connect", l => Device(l, 2)["certificate"] = "a1", "devices[2].certificate" },
        { "machine of an unknown type", l => Machine(l)["type"] = "crane", "machines[0].type" },
        { "machine of an unknown owner", l => Machine(l)["owner"] = "e9", "machines[0].owner" },
        { "geometry without a reach", l => Machine(l)["geometry"]!.AsObject().Remove("jibM"), "machines[0].geometry.jibM" },
        { "machine that stands twice", l => l["machines"]!.AsArray().Add(Machine(l).DeepClone()), "machines[1]" },
        { "geometry of a hoist", l => l["machines"]!.AsArray().Add(new JsonObject { ["id"] = "m2", ["name"] = "m", ["type"] = "hoist", ["geometry"] = Machine(l)["geometry"]!.DeepClone() }), "machines[1].geometry" },
        { "device of an unknown machine", l => Device(l, 1)["machine"] = "m9", "devices[1].machine" },
        { "crane's device on a hoist", l => { l["machines"]!.AsArray().Add(new JsonObject { ["id"] = "m3", ["name"] = "m", ["type"] = "hoist" }); Device(l, 0)["machine"] = "m3"; }, "devices[0].machine" },
        { "calendar without workdays", l => Calendar(l).Remove("workdays"), "calendars[0].workdays" },
        { "a day that is none", l => Calendar(l)["workdays"]!.AsArray().Add("feiertag"), "calendars[0].workdays" },
        { "hours across midnight", l => Calendar(l)["hours"]!.AsArray().Add(new JsonObject { ["from"] = "22:00", ["to"] = "06:00" }), "calendars[0].hours[1].to" },
        { "hours that overlap", l => Calendar(l)["hours"]!.AsArray().Add(new JsonObject { ["from"] = "17:59", ["to"] = "24:00" }), "calendars[0].hours[1].from" },
        { "a time that is none", l => Calendar(l)["hours"]![0]!["to"] = "25:00", "calendars[0].hours[0].to" },
        { "holiday that is no day", l => Calendar(l)["holidays"]!.AsArray().Add("2026-13-01"), "calendars[0].holidays" },
        { "holiday with work", l => Calendar(l)["extraWorkdays"]!.AsArray().Add("2026-10-01"), "calendars[0].extraWorkdays" },
        { "calendar of nobody", l => l["site"]!["calendar"] = "cal-9", "site.calendar" },
        { "two calendars and none is the site's", l => { var second = Calendar(l).DeepClone(); second["id"] = "cal-2"; l["calendars"]!.AsArray().Add(second); }, "site.calendar" },
        { "code of an unknown colour", l => l["operators"]![0]!["codeColour"] = "blue", "operators[0].codeColour" },
        { "code without its day", l => l["operators"]![0]!["codeColour"] = "green", "operators[0].codeColourOn" },
        { "policy of an unknown kind", l => l["policies"]![0]!["kind"] = "fire", "policies[0].kind" },
        { "bad identifier", l => Device(l, 0)["id"] = "crane 1", "devices[0].id" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_fault_refuses_the_ledger_and_names_its_place(string what, Action<JsonObject> spoil, string place)
    {
        var ledger = Whole();
        spoil(ledger);

        Assert.Null(Read(ledger, out var problems));
        Assert.True(problems.Items.Any(p => p.Place == place), $"{what}: expected a problem at {place}, saw {string.Join("; ", problems.Items)}");
    }

    [Fact]
    public void The_same_topic_on_two_brokers_and_on_the_listener_is_three_devices()
    {
        var ledger = Whole();
        Device(ledger, 1)["topic"] = "site/s1/crane/c1";
        Device(ledger, 1)["broker"] = "yard";
        var third = Device(ledger, 1).DeepClone().AsObject();
        (third["id"], third["broker"]) = ("c3", "lessor");
        ledger["devices"]!.AsArray().Add(third);

        var read = Read(ledger, out var problems);

        Assert.Empty(problems.Items);
        Assert.Equal([null, "yard", null, "lessor"], read!.Devices.Select(d => d.Broker));
        Assert.Equal(["mqtt", "mqtt@yard", "modbus", "mqtt@lessor"], read.Devices.Select(d => d.LinkName));
        Assert.Equal([null, "yard", "b1", "lessor"], read.Devices.Select(d => d.Via));
        Assert.Equal(["yard", "lessor"], read.Brokers);
    }

    [Fact]
    public void All_faults_are_listed_in_one_pass()
    {
        var ledger = Whole();
        string[] clashing = ["no site", "topics shared with and without a serial", "empty serial", "serial that is too long", "wrong type", "duplicate device", "no such day", "unknown key deep inside", "profile of another kind", "bad identifier", "Modbus device without a bus", "topic with a wildcard", "shared unit of one bus", "shared topic of one broker", "broker that is no identifier", "client with the id of a device", "hours that overlap", "a time that is none", "calendar without workdays", "code without its day", "machine that stands twice", "geometry of a hoist"];
        var faults = Faults.Select(f => f.Data).Where(f => !clashing.Contains(f.Item1)).ToList();
        foreach (var (_, spoil, _) in faults) spoil(ledger);

        Assert.Null(Read(ledger, out var problems));
        Assert.Empty(faults.Select(f => f.Item3).Except(problems.Items.Select(p => p.Place)));
    }

    [Fact]
    public void Devices_of_one_topic_are_told_apart_by_their_serials()
    {
        var ledger = Whole();
        (Device(ledger, 0)["topic"], Device(ledger, 0)["serial"]) = ("vendor/up", "A#1");
        (Device(ledger, 1)["topic"], Device(ledger, 1)["serial"]) = ("vendor/up", "A2");
        var devices = Read(ledger, out var problems)!.Devices;

        Assert.Empty(problems.Items);
        Assert.Equal(["vendor/up#A#1", "vendor/up#A2"], devices.Take(2).Select(d => d.Address));
        Assert.Equal(("vendor/up", "A#1"), (MqttAddress.TopicOf(devices[0].Address), MqttAddress.SerialOf(devices[0].Address)));
        Assert.Equal(("site/s1/crane/c1", null), (MqttAddress.TopicOf("site/s1/crane/c1"), MqttAddress.SerialOf("site/s1/crane/c1")));

        Device(ledger, 1)["serial"] = "A#1";
        Assert.Null(Read(ledger, out problems));
        Assert.Equal("devices c1 and c2 share the address vendor/up#A#1", Assert.Single(problems.Items).Text);
    }

    [Fact]
    public void A_key_that_stands_twice_is_a_fault()
    {
        string text = Whole().ToJsonString().Replace("\"id\":\"c1\"", "\"id\":\"c0\",\"id\":\"c1\"", StringComparison.Ordinal);
        var problems = new Problems();

        Assert.Null(LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(text), Profiles, problems));
        Assert.Equal(["devices[0].id"], problems.Items.Select(p => p.Place));
    }

    [Theory]
    [InlineData("crane", "2026-06-30", true)]
    [InlineData("crane", "2026-07-01", false)]
    [InlineData("hoist", "2026-06-30", false)]
    public void A_certificate_fits_one_kind_of_machine_until_its_last_day(string kind, string day, bool may) =>
        Assert.Equal(may, Read(Whole(), out _)!.Operators[0].MayOperate(kind, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("yard/n1")]
    [InlineData("一号 工地/n1/塔 1")]
    public void A_Sparkplug_address_is_a_node_or_a_device_behind_it(string address)
    {
        var ledger = Whole();
        Sparkplug(ledger, address);
        var device = Read(ledger, out _)!.Devices[3];
        Assert.Equal((LinkKind.Sparkplug, address), (device.Link, device.Address));
    }

    [Fact]
    public void Machines_places_and_certificates_of_every_trade_are_read()
    {
        var ledger = Whole();
        (Device(ledger, 0)["machine"], Device(ledger, 0)["place"]) = ("m1", "塔顶");
        ledger["operators"]![0]!["certificates"] = new JsonArray([.. CertificateTypes.All.Keys.Select(t => new JsonObject { ["type"] = t, ["number"] = "1", ["validFrom"] = "2026-01-01", ["validTo"] = "2026-12-31" })]);
        var read = Read(ledger, out var problems);

        Assert.Empty(problems.Items);
        Assert.Equal(new Machine("m1", new LocalText("m", "m"), MachineType.TowerCrane) { Owner = "e1", Registration = "R-1", Geometry = new CraneGeometry(10, -20.5, 0, 45, 60, 15, 90) }, Assert.Single(read!.Machines));
        Assert.Equal(("m1", "塔顶"), (read.Devices[0].Machine, read.Devices[0].Place));
        Assert.Equal(11, read.Operators[0].Certificates.Count);
        Assert.Equal(["crane", "hoist", "material-hoist"], new[] { "crane", "dust", "hoist", "material-hoist", "piling" }.Where(k => read.Operators[0].MayOperate(k, new DateOnly(2026, 5, 1))));
    }

    [Theory]
    [InlineData("2026-09-30", 479, false)]
    [InlineData("2026-09-30", 480, true)]
    [InlineData("2026-09-30", 1079, true)]
    [InlineData("2026-09-30", 1080, false)]
    [InlineData("2026-10-01", 600, false)]
    [InlineData("2026-10-03", 600, false)]
    [InlineData("2026-10-10", 600, true)]
    public void The_only_calendar_is_the_sites_and_knows_holidays_and_days_worked_instead(string day, int minute, bool works) =>
        Assert.Equal(works, Read(Whole(), out _)!.Calendar!.WorksAt(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), minute));

    [Theory]
    [InlineData(null, "2026-12-31", true)]
    [InlineData(null, "2027-01-01", false)]
    [InlineData("safety-liability", "2026-06-01", true)]
    [InlineData("work-injury", "2026-06-01", false)]
    public void Only_a_policy_of_the_safety_liability_insurance_covers_the_site(string? kind, string day, bool covers)
    {
        var ledger = Whole();
        if (kind is not null) ledger["policies"]![0]!["kind"] = kind;
        Assert.Equal(covers, Read(ledger, out _)!.Policies[0].Covers(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static void Sparkplug(JsonObject ledger, string? address, string id = "s1")
    {
        var device = new JsonObject { ["id"] = id, ["name"] = "n", ["kind"] = "crane", ["profile"] = "crane-sparkplug", ["link"] = "sparkplug" };
        if (address is not null) device["sparkplug"] = address;
        ledger["devices"]!.AsArray().Add(device);
    }

    private static SiteLedger? Read(JsonObject ledger, out Problems problems) =>
        LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(ledger.ToJsonString()), Profiles, problems = new Problems());

    [Fact]
    public void Clients_have_a_user_name_credentials_and_rights_and_devices_may_come_in_through_them()
    {
        var ledger = Whole();
        Client(ledger)["user"] = "DTU 1";
        Client(ledger)["certificate"] = string.Join(':', Enumerable.Repeat("AB", 32));
        var read = Read(ledger, out _)!;

        var client = Assert.Single(read.Clients);
        Assert.Equal(("dtu-1", "DTU 1", string.Concat(Enumerable.Repeat("ab", 32))), (client.Id, client.User, client.Credentials.Certificate));
        Assert.Equal(["extra/#"], client.Publish);
        Assert.Equal(("dtu-1", Credentials.None), (read.Devices[0].Login, read.Devices[0].Credentials));
        Assert.Null(read.Devices[1].Login);
    }

    private static JsonObject Client(JsonObject ledger) => ledger["clients"]![0]!.AsObject();

    private static JsonObject Machine(JsonObject ledger) => ledger["machines"]![0]!.AsObject();

    private static JsonObject Calendar(JsonObject ledger) => ledger["calendars"]![0]!.AsObject();

    private static JsonObject Device(JsonObject ledger, int index) => ledger["devices"]![index]!.AsObject();

    private static JsonObject Whole() => JsonNode.Parse("""
        { "version": 1, "site": { "id": "s1", "name": "工地" },
          "enterprises": [ { "id": "e1", "name": "e", "role": "contractor" } ],
          "machines": [ { "id": "m1", "name": "m", "type": "tower-crane", "owner": "e1", "registration": "R-1", "geometry": { "x": 10, "y": -20.5, "heightM": 45, "jibM": 60, "counterJibM": 15, "slewOffsetDeg": 90 } } ],
          "calendars": [ { "id": "cal", "workdays": [ "mon", "tue", "wed", "thu", "fri" ], "hours": [ { "from": "08:00", "to": "18:00" } ], "holidays": [ "2026-10-01" ], "extraWorkdays": [ "2026-10-10" ] } ],
          "buses": [ { "id": "b1", "name": "b", "port": "/dev/serial/by-id/x" } ],
          "devices": [
            { "id": "c1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "inService": "2026-02-01", "login": "dtu-1" },
            { "id": "c2", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "inService": "2026-02-01" },
            { "id": "a1", "name": "a", "kind": "wind", "profile": "renke-fsjt-n01", "link": "modbus", "bus": "b1", "unit": 1, "inService": "2026-02-01" } ],
          "clients": [ { "id": "dtu-1", "name": "d", "publish": [ "extra/#" ], "subscribe": [] } ],
          "operators": [ { "id": "o1", "name": "o", "certificates": [ { "type": "tower-crane-driver", "number": "1", "validFrom": "2025-07-01", "validTo": "2026-06-30" } ] } ],
          "policies": [ { "number": "p1", "insurer": "i", "validFrom": "2026-01-01", "validTo": "2026-12-31" } ] }
        """)!.AsObject();
}
