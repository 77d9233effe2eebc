using System.Globalization;

namespace FirmwareSim;

/// <summary>What the command line says; the defaults are those of CONTRACT.md.</summary>
internal sealed record SimOptions
{
    public const string Usage =
        "firmware-sim [--mqtt HOST:PORT] [--hj212 HOST:PORT] [--logger HOST:PORT] [--bus PATH] [--modbus-tcp HOST:PORT] [--control HOST:PORT] [--site ID] [--seed N] [--rate X] [--goyo HOST:PORT] [--tx101 HOST:PORT]";

    public HostPort Mqtt { get; init; } = new("127.0.0.1", 1883);
    public HostPort Hj212 { get; init; } = new("127.0.0.1", 9212);

    /// <summary>Where the HJ 212 logger with a memory connects to; null = there is none.</summary>
    public HostPort? Logger { get; init; }

    /// <summary>Where GOYO boxes connect to; null = the site has none.</summary>
    public HostPort? Goyo { get; init; }

    /// <summary>Where TX101 boxes connect to; null = the site has none.</summary>
    public HostPort? Tx101 { get; init; }

    public string BusPath { get; init; } = "./bus-1";

    /// <summary>Where the bus's units also answer to Modbus TCP; null = nowhere.</summary>
    public HostPort? ModbusTcp { get; init; }

    public HostPort Control { get; init; } = new("127.0.0.1", 8090);
    public string SiteId { get; init; } = "demo-site";
    public int Seed { get; init; } = 1;

    /// <summary>How many times as often as in real life devices report, 0.01 to 100.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>
    /// Reads the arguments; on failure <paramref name="problem"/> is one line that names the argument, what was expected and what was seen.
    /// </summary>
    public static SimOptions? Parse(IReadOnlyList<string> arguments, out string problem)
    {
        var options = new SimOptions();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            if (!IsKnown(name))
            {
                problem = $"unknown argument '{name}'; usage: {Usage}";
                return null;
            }
            if (i + 1 == arguments.Count)
            {
                problem = $"{name} needs a value; usage: {Usage}";
                return null;
            }
            if (options.With(name, arguments[i + 1], out string expected) is not { } next)
            {
                problem = $"{name} must be {expected}, not '{arguments[i + 1]}'";
                return null;
            }
            options = next;
        }
        problem = "";
        return options;
    }

    private static bool IsKnown(string name) => name is "--mqtt" or "--hj212" or "--logger" or "--bus" or "--modbus-tcp" or "--control" or "--site" or "--seed" or "--rate" or "--goyo" or "--tx101";

    private SimOptions? With(string name, string value, out string expected)
    {
        expected = name switch
        {
            "--mqtt" or "--hj212" or "--logger" or "--goyo" or "--tx101" => "HOST:PORT",
            "--control" or "--modbus-tcp" => "ADDRESS:PORT (an IP address or localhost)",
            "--bus" => "the path of a link to make",
            "--site" => "1 to 64 letters, digits, '-' or '_'",
            "--seed" => "a whole number",
            _ => "a number from 0.01 to 100",
        };
        return name switch
        {
            "--mqtt" => HostPort.Parse(value) is { } at ? this with { Mqtt = at } : null,
            "--hj212" => HostPort.Parse(value) is { } at ? this with { Hj212 = at } : null,
            "--modbus-tcp" => HostPort.Parse(value) is { } at && at.ToListenAddress() is not null ? this with { ModbusTcp = at } : null,
            "--logger" => HostPort.Parse(value) is { } at ? this with { Logger = at } : null,
            "--goyo" => HostPort.Parse(value) is { } at ? this with { Goyo = at } : null,
            "--tx101" => HostPort.Parse(value) is { } at ? this with { Tx101 = at } : null,
            "--control" => HostPort.Parse(value) is { } at && at.ToListenAddress() is not null ? this with { Control = at } : null,
            "--bus" => value.Length > 0 ? this with { BusPath = value } : null,
            "--site" => IsTopicLevel(value) ? this with { SiteId = value } : null,
            "--seed" => TryReadSeed(value, out int seed) ? this with { Seed = seed } : null,
            _ => TryReadRate(value, out double rate) ? this with { Rate = rate } : null,
        };
    }

    private static bool IsTopicLevel(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool TryReadSeed(string text, out int seed) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seed);

    private static bool TryReadRate(string text, out double rate) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out rate) && rate is >= 0.01 and <= 100;
}
