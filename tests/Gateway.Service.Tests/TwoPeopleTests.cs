using System.Net;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>What takes two people, over HTTP: one asks, another agrees, and everything that counts follows.</summary>
public sealed class TwoPeopleTests
{
    [Fact]
    public async Task A_suspension_asked_for_by_one_and_approved_by_another_leaves_the_share_and_stands_in_the_report()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", 60), SiteFiles.Crane("crane-2", 60)));
        var (li, wang) = await PeopleAsync(gateway);
        using (li)
        using (wang)
        {
            Assert.Equal(2, await RequiredAsync(li));
            string from = DateTimeOffset.FromUnixTimeMilliseconds(Words.NowMs - 60_000).ToString("O"), until = DateTimeOffset.FromUnixTimeMilliseconds(Words.NowMs + 3_600_000).ToString("O");
            var (status, asked) = await li.SayAsync("/api/v1/ledger/lifecycle/requests",
                $$"""{ "device": "crane-2", "kind": "suspended", "effective": "{{from}}", "until": "{{until}}", "reason": "repair", "filing": "REP-7" }""");
            Assert.True(status == HttpStatusCode.Created, asked.GetRawText());
            string approve = $"/api/v1/ledger/lifecycle/requests/{asked.GetProperty("id").GetString()}/approve";
            Assert.Equal(HttpStatusCode.BadRequest, (await li.SayAsync(approve, "{}")).Status);
            Assert.Equal(2, await RequiredAsync(li));

            Assert.Equal(HttpStatusCode.Created, (await wang.SayAsync(approve, "{}")).Status);
            await Eventually.GetAsync("crane-2 is not required", Eventually.Seconds(5), () => RequiredAsync(li), n => n == 1);
            Assert.Equal("suspended", (await li.DeviceAsync("crane-2")).GetProperty("lifecycle").GetProperty("state").GetString());

            string today = (await li.GetAsync("/api/v1/reports")).GetProperty("items")[0].GetProperty("window").GetString()!;
            string page = await li.TextAsync($"/api/v1/reports/{today}?format=html&lang=en");
            Assert.Contains("maintenance or repair", page, StringComparison.Ordinal);
            Assert.Contains("li / wang", page, StringComparison.Ordinal);
            Assert.Contains("REP-7", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_alarm_is_put_aside_by_a_person_and_not_by_a_program_or_a_guest()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", 60)));
        var (li, wang) = await PeopleAsync(gateway);
        using (li)
        using (wang)
        {
            await using var crane = new MqttDevice("cranes", gateway.MqttPort);
            await crane.ConnectAsync();
            await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 110));
            var alarm = (await Eventually.GetAsync("the alarm", Eventually.Seconds(5), () => li.AlarmsAsync("crane-moment-alarm"), all => all.Count == 1))[0];
            string path = $"/api/v1/alarms/{alarm.GetProperty("id").GetString()}";

            Assert.Equal(HttpStatusCode.BadRequest, (await li.SayAsync($"{path}/shelve", """{ "reason": " ", "minutes": 10 }""")).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await li.SayAsync($"{path}/shelve", """{ "reason": "load cell is changed", "minutes": 481 }""")).Status);
            using var guest = new ConsoleClient(gateway.ConsolePort);
            await guest.PostAsync("/api/v1/session/link", $$"""{ "token": "{{(await gateway.RunToEndAsync("user", "link", "--role", "crew")).Output.Split("#link=")[1].Trim()}}" }""");
            Assert.Equal(HttpStatusCode.Forbidden, (await guest.SayAsync($"{path}/shelve", """{ "reason": "load cell is changed", "minutes": 10 }""")).Status);

            var (status, shelved) = await li.SayAsync($"{path}/shelve", """{ "reason": "load cell is changed", "minutes": 10 }""");
            Assert.True(status == HttpStatusCode.OK, shelved.GetRawText());
            Assert.Equal(("shelved", "li"), (shelved.GetProperty("state").GetString(), shelved.GetProperty("shelved").GetProperty("by").GetString()));
            Assert.Equal("unacked", (await wang.SayAsync($"{path}/unshelve", "{}")).Said.GetProperty("state").GetString());
            Assert.Equal(HttpStatusCode.Conflict, (await wang.SayAsync($"{path}/unshelve", "{}")).Status);
        }
    }

    /// <summary>A running gateway, and two people of role safety signed in at it.</summary>
    private static async Task<(ConsoleClient Li, ConsoleClient Wang)> PeopleAsync(GatewayUnderTest gateway)
    {
        await gateway.StartAsync();
        await gateway.Console.BecomeAdministratorAsync(await gateway.SetUpLinkAsync());
        return (await PersonAsync(gateway, "li"), await PersonAsync(gateway, "wang"));
    }

    private static async Task<ConsoleClient> PersonAsync(GatewayUnderTest gateway, string name)
    {
        string password = $"{name} on the site gateway";
        await gateway.Console.PostAsync("/api/v1/users", $$"""{ "name": "{{name}}", "role": "safety", "password": "{{password}}" }""");
        var person = new ConsoleClient(gateway.ConsolePort);
        await person.PostAsync("/api/v1/session", $$"""{ "user": "{{name}}", "password": "{{password}}" }""");
        return person;
    }

    private static async Task<int> RequiredAsync(ConsoleClient person) =>
        (await person.GetAsync("/api/v1/site")).GetProperty("compliance").GetProperty("devices").GetProperty("denominator").GetInt32();
}
