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
}
