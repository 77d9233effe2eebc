using System.Globalization;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>One line as it arrived. The test's names hold no escapes, so cutting at commas and spaces is all the parsing there is.</summary>
/// <param name="Lane">alarms, live or backlog, as the request said.</param>
internal sealed record SinkLine(string Text, long ArrivedAtMs, string Lane)
{
    private readonly string[] _parts = Text.Split(' ');

    /// <summary>Measurement and tags.</summary>
    public string Series => _parts[0];

    public string Time => _parts[^1];

    /// <summary>What a store tells points apart by.</summary>
    public string Key => $"{Series} {Time}";

    public string Measurement => Series[..Series.IndexOf(',', StringComparison.Ordinal)];

    public string? Tag(string name) => Series.Split(',').Skip(1).FirstOrDefault(t => t.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    public long Seq => long.Parse(Field("seq")!.TrimEnd('i'), CultureInfo.InvariantCulture);

    public string? Field(string name) => _parts[1].Split(',').FirstOrDefault(f => f.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
