using System.Globalization;

namespace Gateway.Faults;

/// <param name="Minutes">How long; null: the fixed seeds of every test run.</param>
/// <param name="Seed">The first; without <paramref name="Minutes"/> the only one.</param>
/// <param name="Parallel">Rounds at a time; most of a round is waiting.</param>
/// <param name="Xml">Where the results go, in the form of xUnit.</param>
internal sealed record Arguments(double? Minutes, int? Seed, int Parallel, string? Xml)
{
    /// <exception cref="FormatException">Something else was said.</exception>
    public static Arguments Of(string[] args)
    {
        var read = new Arguments(null, null, 3, null);
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} of what?");
            read = args[i] switch
            {
                "--minutes" => read with { Minutes = double.Parse(value, CultureInfo.InvariantCulture) },
                "--seed" => read with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
                "--parallel" => read with { Parallel = int.Parse(value, CultureInfo.InvariantCulture) },
                "--xml" => read with { Xml = value },
                _ => throw new FormatException($"what is \"{args[i]}\"? There are --minutes, --seed, --parallel, --xml"),
            };
        }
        return read;
    }
}
