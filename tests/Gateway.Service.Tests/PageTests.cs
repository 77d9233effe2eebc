using Gateway.Service.Tests.Toolkit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Service.Tests;

/// <summary>The page in a real browser.</summary>
[Collection(Alone.Name)]
public sealed class PageTests
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Alarm = "[data-testid=alarm][data-rule=crane-moment-alarm][data-subject=crane-1]";

    private static readonly string[] Quiet = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    [Fact]
    public async Task An_alarm_appears_without_reload_and_is_acknowledged_by_who_came_through_the_set_up_link()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync();
        var link = await gateway.SetUpLinkAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Quiet });
        var page = await browser.NewPageAsync(new() { Locale = "en-GB" });
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);

        await page.GotoAsync(gateway.Page.ToString());
        await Expect(page.GetByTestId("page")).ToHaveAttributeAsync("data-stream", "live", new() { Timeout = 15_000 });
        await Expect(page.Locator(Alarm)).ToHaveCountAsync(0);
        await page.EvaluateAsync("window.notReloaded = true");

        await using var crane = new MqttDevice("crane-1", gateway.MqttPort);
        await crane.ConnectAsync();
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 110));
        await Expect(page.Locator(Alarm)).ToHaveAttributeAsync("data-state", "unacked");
        await Expect(page.Locator("[data-testid=device][data-device=crane-1]")).ToHaveAttributeAsync("data-presence", "online");

        await page.GotoAsync(link.ToString());
        await page.GetByTestId("user").FillAsync("chief");
        await page.GetByTestId("password").FillAsync("a long enough password");
        await page.GetByTestId("password-again").FillAsync("a long enough password");
        await page.GetByTestId("sign-in-submit").ClickAsync();
        await Expect(page.GetByTestId("who")).ToHaveAttributeAsync("data-role", "administrator");
        Assert.DoesNotContain("link=", page.Url, StringComparison.Ordinal);

        await page.Locator(Alarm).GetByTestId("ack").ClickAsync();
        await page.Locator(Alarm).GetByTestId("ack-note").FillAsync("seen");
        await page.Locator(Alarm).GetByTestId("ack-confirm").ClickAsync();
        await Expect(page.Locator(Alarm)).ToHaveAttributeAsync("data-state", "acked");
        await Expect(page.Locator(Alarm).GetByTestId("acked-by")).ToContainTextAsync("chief");
        Assert.Equal("chief", Assert.Single(await gateway.Console.AlarmsAsync("crane-moment-alarm")).GetProperty("ackedBy").GetString());

        await Expect(page.Locator(Alarm)).ToContainTextAsync("Moment above rated");
        await page.GetByTestId("lang").ClickAsync();
        await Expect(page.Locator(Alarm)).ToContainTextAsync("力矩超限");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");

        Assert.True(await page.EvaluateAsync<bool>("window.notReloaded === true"));
        Assert.Empty(problems);
    }
}
