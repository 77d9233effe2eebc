using System.Globalization;
using Gateway.Faults.Judging;

namespace Gateway.Faults.Rounds;

/// <param name="Exceptions">What must not be; empty when the round passed.</param>
internal sealed record RoundResult(RoundPlan Plan, Tally Tally, IReadOnlyList<string> Exceptions, TimeSpan Took)
{
    public bool Passed => Exceptions.Count == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"round {Plan.Seed,-6} {(Passed ? "ok    " : "FAILED")} {Took.TotalSeconds,5:0.0} s  {Tally}  {Plan.Names}");
}
