using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Links.Mqtt;
using Gateway.Testing;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>BEHAVIOUR.md is read by people who connect devices: what it names is there.</summary>
public sealed partial class MqttBehaviourPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "src", "Gateway", "Links", "Mqtt", "BEHAVIOUR.md"));

    [Fact]
    public void Every_limit_of_the_page_is_an_option_with_that_default()
    {
        var options = new MqttOptions();
        int found = 0;
        foreach (Match match in Limits().Matches(Page))
        {
            foreach (string name in match.Groups["names"].Value.Split('`', StringSplitOptions.RemoveEmptyEntries).Where(n => char.IsLetter(n[0])))
            {
                var property = typeof(MqttOptions).GetProperty(name);
                Assert.True(property is not null, $"no option {name}");
                Assert.Equal(int.Parse(match.Groups["default"].Value.Replace(" ", ""), CultureInfo.InvariantCulture), property.GetValue(options));
                found++;
            }
        }
        Assert.Equal(17, found);
    }

    [Fact]
    public void Every_figure_below_SYS_is_on_the_page_and_no_other()
    {
        using var rig = new MqttRig(o => o.SysSeconds = 10);
        rig.PassSeconds(1);
        var client = rig.Connect("a");
        client.Subscribe("$SYS/#");
        string paragraph = Page.Split("**`$SYS/broker/`**")[1].Split("\n\n")[0];
        var named = Figures().Matches(paragraph).Select(m => m.Groups[1].Value).Where(n => char.IsLower(n[0]));
        Assert.Equal(client.Messages().Select(m => m.Topic["$SYS/broker/".Length..]).Order(), named.Order());
    }

    // `One`, `Another` (12 000)
    [GeneratedRegex(@"(?<names>`\w+`(, `\w+`)*) \((?<default>\d[\d ]*)\)")]
    private static partial Regex Limits();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Figures();
}
