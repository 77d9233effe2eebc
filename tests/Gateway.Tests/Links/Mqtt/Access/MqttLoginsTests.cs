using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Links.Mqtt.Access;
using Gateway.Testing;
using Gateway.Testing.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Access;

public class MqttLoginsTests
{
    private static readonly TestAuthority Authority = new("site", new FakeClock().GetUtcNow());

    public static TheoryData<string, string, bool, bool> Rights => new()
    {
        // who, topic or filter, may publish, may subscribe
        { "c1", "site/s1/crane/c1/telemetry", true, true },
        { "c1", "site/s1/crane/c1/#", false, true },
        { "c1", "site/s1/crane/c2/telemetry", false, false },
        { "c1", "site/s1/crane/c10/telemetry", false, false },
        { "c1", "site/s1/crane/+/telemetry", false, false },
        { "c1", "#", false, false },
        { "c1", "$SYS/#", false, false },
        { "dtu-1", "dtu/three/telemetry", true, true },
        { "dtu-1", "dtu/four", true, true },
        { "dtu-1", "dtu/five", false, false },
        { "dtu-1", "dtu/#", false, false },
        { "platform", "site/s1/crane/c1/telemetry", false, true },
        { "platform", "commands/stop", true, false },
        { "platform", "site/#", false, false },
        { "platform", "site/s1/crane/#", false, true },
        { "platform", "$SYS/broker/uptime", false, true },
    };

    [Theory]
    [MemberData(nameof(Rights))]
    public void Each_has_the_rights_of_its_entry(string who, string topic, bool publish, bool subscribe)
    {
        var rights = MqttLogins.Of(Ledger(AccessSite.Members)).Find(who)!.Rights;
        Assert.Equal(publish, !topic.AsSpan().ContainsAny('#', '+') && rights.MayPublish(Encoding.UTF8.GetBytes(topic)));
        Assert.Equal(subscribe, rights.MaySubscribe(topic));
    }

    [Fact]
    public void A_device_that_comes_in_through_a_client_is_nobody_by_itself()
    {
        var logins = MqttLogins.Of(Ledger(AccessSite.Members));
        Assert.Null(logins.Find("c3"));
        Assert.Null(logins.ByUser("c3"));
        Assert.Equal("dtu-1", logins.ByUser("DTU one")?.Id);
        Assert.Null(logins.ByUser("dtu-1"));
    }

    [Fact]
    public void What_lies_below_a_devices_topic_and_is_anothers_stays_the_others()
    {
        var logins = MqttLogins.Of(Ledger("""
            "devices": [
              { "id": "a", "name": "a", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "up" },
              { "id": "b", "name": "b", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "up/down/b" } ]
            """));
        Assert.True(logins.Find("a")!.Rights.MayPublish("up/telemetry"u8));
        Assert.False(logins.Find("a")!.Rights.MayPublish("up/down/b/telemetry"u8));
        Assert.True(logins.Find("b")!.Rights.MayPublish("up/down/b/telemetry"u8));
    }

    [Fact]
    public void An_edge_node_speaks_for_itself_and_the_devices_behind_it_and_reads_its_hosts_state()
    {
        var rights = MqttLogins.Of(Ledger("""
            "devices": [ { "id": "n", "name": "n", "kind": "crane", "profile": "crane-sparkplug", "link": "sparkplug", "sparkplug": "g/n" } ]
            """)).Find("n")!.Rights;
        Assert.True(rights.MayPublish("spBv1.0/g/NBIRTH/n"u8));
        Assert.True(rights.MayPublish("spBv1.0/g/DDATA/n/d"u8));
        Assert.False(rights.MayPublish("spBv1.0/g/NBIRTH/m"u8));
        Assert.False(rights.MayPublish("spBv1.0/STATE/host"u8));
        Assert.True(rights.MaySubscribe("spBv1.0/g/NCMD/n/#"));
        Assert.True(rights.MaySubscribe("spBv1.0/STATE/host"));
    }

    [Fact]
    public void A_certificate_is_its_common_names_unless_the_ledger_pins_another()
    {
        var (c1, pinned, other) = (Authority.Client("c1"), Authority.Client("anything"), Authority.Client("c3"));
        var logins = MqttLogins.Of(Ledger($$"""
            "devices": [
              { "id": "c1", "name": "1", "kind": "crane", "profile": "crane-json", "link": "mqtt" },
              { "id": "c2", "name": "2", "kind": "crane", "profile": "crane-json", "link": "mqtt", "certificate": "{{pinned.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)}}" },
              { "id": "c3", "name": "3", "kind": "crane", "profile": "crane-json", "link": "mqtt", "certificate": "crane three" } ]
            """));
        Assert.Equal("c1", logins.Of(c1.Certificate)?.Id);
        Assert.Equal("c2", logins.Of(pinned.Certificate)?.Id);
        Assert.Null(logins.Of(Authority.Client("c2").Certificate));
        Assert.Null(logins.Of(other.Certificate));
        Assert.Equal("c3", logins.Of(Authority.Client("crane three").Certificate)?.Id);
    }

    [Fact]
    public void A_common_name_made_of_somebodys_fingerprint_is_not_the_fingerprint()
    {
        string fingerprint = Authority.Client("c2").Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant();
        var logins = MqttLogins.Of(Ledger($$"""
            "devices": [ { "id": "c2", "name": "2", "kind": "crane", "profile": "crane-json", "link": "mqtt", "certificate": "{{fingerprint}}" } ]
            """));
        Assert.Null(logins.Of(Authority.Client(fingerprint).Certificate));
    }

    [Theory]
    [InlineData("CN=c1, CN=c2")]
    [InlineData("O=c1")]
    [InlineData("OU=c1, O=site")]
    public void A_subject_without_one_common_name_is_nobody(string subject) => Assert.Null(MqttLogins.Of(Ledger(AccessSite.Members)).Of(Authority.ClientOf(subject).Certificate));

    public static TheoryData<string, string, string> Faults => new()
    {
        { "filter that is none", """ "devices": [], "clients": [ { "id": "x", "name": "x", "publish": [ "a", "b/#/c" ] } ] """, "clients[0].publish[1]" },
        { "password in clear", """ "devices": [], "clients": [ { "id": "x", "name": "x", "password": "correct horse" } ] """, "clients[0].password" },
        { "two with one user name", """ "devices": [], "clients": [ { "id": "x", "name": "x", "user": "y" }, { "id": "y", "name": "y" } ] """, "clients[1]" },
        { "two with one certificate", """ "devices": [], "clients": [ { "id": "x", "name": "x", "certificate": "y" }, { "id": "y", "name": "y" } ] """, "clients[1]" },
        { "topic below a dollar", """ "devices": [ { "id": "a", "name": "a", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "$SYS/a" } ] """, "devices[0].topic" },
        { "own password on a shared topic", """ "devices": [ { "id": "a", "name": "a", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "up", "serial": "1", "certificate": "a" }, { "id": "b", "name": "b", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "up", "serial": "2" } ] """, "devices[0]" },
        { "two logins of a shared topic", """ "devices": [ { "id": "a", "name": "a", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "up", "serial": "1", "login": "x" }, { "id": "b", "name": "b", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "up", "serial": "2" } ], "clients": [ { "id": "x", "name": "x" } ] """, "devices[0].login" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_ledger_in_which_one_could_be_taken_for_another_is_refused(string what, string members, string place)
    {
        var problems = new Problems();
        MqttLedgerCheck.Check("ledger.json", Ledger(members), problems);
        Assert.True(problems.Items.Any(p => p.Place == place), $"{what}: expected a problem at {place}, saw {string.Join("; ", problems.Items)}");
    }

    [Fact]
    public void The_ledger_of_these_tests_is_good()
    {
        var problems = new Problems();
        MqttLedgerCheck.Check("ledger.json", Ledger(AccessSite.Members), problems);
        Assert.Empty(problems.Items);
    }

    private static SiteLedger Ledger(string members)
    {
        var problems = new Problems();
        var profiles = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), problems);
        return LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes($$"""{ "version": 1, "site": { "id": "s1", "name": "s" }, {{members}} }"""), profiles.KindsByProfile, problems)
            ?? throw new InvalidOperationException(string.Join("; ", problems.Items));
    }
}
