using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.Domain.Tests.Readings;

public sealed class DefaultAdviceTests
{
    [Fact]
    public void Every_rung_of_every_link_has_words_in_both_languages()
    {
        foreach (var link in Enum.GetValues<LinkKind>())
            foreach (string? bus in new[] { null, "b1" })
                foreach (string rung in DefaultAdvice.Rungs)
                {
                    var advice = DefaultAdvice.For(Profile(), Device(link, bus), rung);
                    Assert.True(advice is { Zh.Length: > 20, En.Length: > 40 }, $"{link} {rung}");
                }
        Assert.Null(DefaultAdvice.For(Profile(), Device(LinkKind.Mqtt, null), "ladder"));
    }

    [Fact]
    public void A_device_on_wires_is_looked_for_on_its_wires()
    {
        Assert.Contains("A/B", DefaultAdvice.For(Profile(), Device(LinkKind.Modbus, "b1"), "answering")!.Zh, StringComparison.Ordinal);
        Assert.Contains("USB", DefaultAdvice.For(Profile(), Device(LinkKind.Goyo, "b1"), "link")!.En, StringComparison.Ordinal);
        Assert.Contains("SIM", DefaultAdvice.For(Profile(), Device(LinkKind.Goyo, null), "link")!.En, StringComparison.Ordinal);
        Assert.Contains("SIM", DefaultAdvice.For(Profile(), Device(LinkKind.Mqtt, "b1"), "link")!.En, StringComparison.Ordinal);
    }

    [Fact]
    public void The_profiles_own_words_come_first()
    {
        var profile = Profile() with { Advice = new Dictionary<string, LocalText> { ["fresh"] = new("自己的", "own") } };
        Assert.Equal("own", DefaultAdvice.For(profile, Device(LinkKind.Modbus, "b1"), "fresh")!.En);
        Assert.NotEqual("own", DefaultAdvice.For(profile, Device(LinkKind.Modbus, "b1"), "clock")!.En);
    }

    private static DeviceProfile Profile() => new("p", 1, "wind", new("t", "t"), ReadingKind.Measurement, "wind", "device", [new("v", "", FieldType.Number, 0, 1)], -1, null);

    private static Device Device(LinkKind link, string? bus) => new("d", new("d", "d"), "wind", "p", link, "1", bus, false, 1000, 3000, null, null, null);
}
