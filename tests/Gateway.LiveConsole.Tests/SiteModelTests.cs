using Gateway.Domain.Configuration;
using Gateway.Service.Composition;
using Gateway.Testing;
using Xunit;

namespace Gateway.LiveConsole.Tests;

public sealed class SiteModelTests
{
    [Theory]
    [InlineData("crane-sparkplug", null)]
    [InlineData("crane-json", "profile crane-json says nothing about link sparkplug")]
    public void A_device_needs_a_profile_that_can_read_its_link(string profile, string? problem)
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("ledger.json"), $$"""
            { "version": 1, "site": { "id": "s1", "name": "s" }, "devices": [
              { "id": "c1", "name": "c", "kind": "crane", "profile": "{{profile}}", "link": "sparkplug", "sparkplug": "yard/n1/k1" } ] }
            """);
        File.WriteAllText(directory.File("gateway.json"), """{ "Gateway": { "Id": "gateway-1" } }""");
        var problems = new Problems();
        var model = SiteModel.Load(GatewayConfiguration.Load(directory.File("gateway.json"), problems), problems);
        Assert.Equal(problem is null ? [] : [problem], problems.Items.Select(p => p.Text));
        Assert.Equal(problem is null, model is not null);
    }

    [Theory]
    [InlineData(true, "s/1", 1)]
    [InlineData(true, "s#", 1)]
    [InlineData(true, "工地-1", 0)]
    [InlineData(false, "s/1", 0)]
    public void A_site_on_the_live_bus_has_an_id_that_is_one_level_of_a_topic(bool enabled, string site, int problemsExpected)
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("ledger.json"), $$"""{ "version": 1, "site": { "id": "{{site}}", "name": "s" }, "devices": [] }""");
        File.WriteAllText(directory.File("gateway.json"), $$"""{ "LiveBus": { "Enabled": {{(enabled ? "true" : "false")}}, "Host": "bus.example" } }""");
        var problems = new Problems();
        SiteModel.Load(GatewayConfiguration.Load(directory.File("gateway.json"), problems), problems);
        Assert.Equal(problemsExpected, problems.Items.Count(p => p.Place == "site.id"));
    }
}
