using System.Diagnostics;
using System.Globalization;
using System.Security;
using Gateway.Faults.Judging;
using Gateway.Faults.Rounds;

namespace Gateway.Faults;

/// <summary>
/// Rounds of faults against the real process, each known by its seed. One line a round, the exceptions of those that failed, a summary, and a last line as <c>tests/run</c> has
/// it: a round is a test. Exit code 0 only without any exception.
/// </summary>
internal static class Campaign
{
    /// <summary>What every test run does, about a minute and a half of it. The seeds above 200 found something that is mended now.</summary>
    private static readonly int[] Fixed = [.. Enumerable.Range(1, 12), 218, 1003, 1024, 1044, 2070];

    public static async Task<int> RunAsync(string[] args)
    {
        var arguments = Arguments.Of(args);
        var clock = Stopwatch.StartNew();
        var results = new List<RoundResult>();
        var seeds = Seeds(arguments, clock).GetEnumerator();
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, arguments.Parallel).Select(_ => Task.Run(WorkAsync)));
        Say(results, clock.Elapsed);
        if (arguments.Xml is { } file) await File.WriteAllTextAsync(file, Xml(results));
        Console.WriteLine($"{results.Count(r => r.Passed)} passed, {results.Count(r => !r.Passed)} failed, 0 skipped");
        return results.Count > 0 && results.TrueForAll(r => r.Passed) ? 0 : 1;

        async Task WorkAsync()
        {
            while (Next() is { } seed)
            {
                var result = await Round.RunAsync(seed);
                lock (gate) results.Add(result);
                Console.WriteLine(string.Join("\n    ", result.Exceptions.Prepend($"{result}")));
            }
        }

        int? Next()
        {
            lock (gate) return seeds.MoveNext() ? seeds.Current : null;
        }
    }

    private static IEnumerable<int> Seeds(Arguments arguments, Stopwatch clock)
    {
        if (arguments.Minutes is not { } minutes) return arguments.Seed is { } one ? [one] : Fixed;
        int first = arguments.Seed ?? Random.Shared.Next(1_000, 1_000_000);
        return Enumerable.Range(first, int.MaxValue - first).TakeWhile(_ => clock.Elapsed.TotalMinutes < minutes);
    }

    private static void Say(List<RoundResult> results, TimeSpan took)
    {
        var sum = results.Select(r => r.Tally).Aggregate(Tally.None, (a, b) => a + b);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{results.Count} rounds in {took.TotalMinutes:0.0} min, {results.Sum(r => r.Plan.Steps.Count)} faults, {sum} exceptions in {results.Count(r => !r.Passed)} rounds"));
        if (results.Where(r => !r.Passed).Select(r => r.Plan.Seed).ToList() is { Count: > 0 } failed) Console.WriteLine($"again: tests/run faults --seed N, for N in {string.Join(' ', failed)}");
    }

    private static string Xml(List<RoundResult> results) => $"<assemblies>{string.Concat(results.Select(r => r.Passed
        ? $"<test name=\"{Name(r)}\" result=\"Pass\"/>"
        : $"<test name=\"{Name(r)}\" result=\"Fail\"><message>{SecurityElement.Escape(string.Join('\n', r.Exceptions))}</message></test>"))}</assemblies>";

    private static string? Name(RoundResult result) => SecurityElement.Escape($"round {result.Plan.Seed}: {result.Plan.Names}");
}
