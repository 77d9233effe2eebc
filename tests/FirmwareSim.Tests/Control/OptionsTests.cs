namespace FirmwareSim.Tests.Control;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_are_those_of_the_contract()
    {
        SimOptions options = SimOptions.Parse([], out _)!;
        Assert.Equal(
            ("127.0.0.1:1883", "127.0.0.1:9212", "./bus-1", "127.0.0.1:8090", "demo-site", 1, 1.0),
            (options.Mqtt.ToString(), options.Hj212.ToString(), options.BusPath, options.Control.ToString(), options.SiteId, options.Seed, options.Rate));
    }

    [Fact]
    public void Every_argument_is_read()
    {
        SimOptions options = SimOptions.Parse(
            ["--mqtt", "gateway:1884", "--hj212", "[::1]:9000", "--bus", "/tmp/b", "--control", "localhost:81", "--site", "s-2", "--seed", "-7", "--rate", "0.5"],
            out _)!;
        Assert.Equal(
            ("gateway:1884", "[::1]:9000", "/tmp/b", "localhost:81", "s-2", -7, 0.5),
            (options.Mqtt.ToString(), options.Hj212.ToString(), options.BusPath, options.Control.ToString(), options.SiteId, options.Seed, options.Rate));
    }

    [Theory]
    [InlineData("unknown argument '--mqqt'", "--mqqt", "x")]
    [InlineData("--rate needs a value", "--rate")]
    [InlineData("--mqtt must be HOST:PORT, not 'here'", "--mqtt", "here")]
    [InlineData("--hj212 must be HOST:PORT, not 'h:70000'", "--hj212", "h:70000")]
    [InlineData("--control must be ADDRESS:PORT (an IP address or localhost), not 'gateway:80'", "--control", "gateway:80")]
    [InlineData("--site must be 1 to 64 letters, digits, '-' or '_', not 'a/b'", "--site", "a/b")]
    [InlineData("--seed must be a whole number, not '1.5'", "--seed", "1.5")]
    [InlineData("--rate must be a number from 0.01 to 100, not '0'", "--rate", "0")]
    public void A_wrong_argument_is_named_with_what_was_expected_and_seen(string expected, params string[] arguments)
    {
        Assert.Null(SimOptions.Parse(arguments, out string problem));
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }
}
