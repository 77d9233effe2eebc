using Gateway.Domain.Lifecycle;
using Xunit;

namespace Gateway.Domain.Tests.Lifecycle;

public sealed class LifecycleTableTests
{
    // P planned, I installed, A accepted, S in service, - suspended, R back in service, M moved, D dismantled, . refused
    [Theory]
    [InlineData(LifecycleState.None, "PIAS....")]
    [InlineData(LifecycleState.Planned, ".I......")]
    [InlineData(LifecycleState.Installed, "..A...MD")]
    [InlineData(LifecycleState.Accepted, "...S..MD")]
    [InlineData(LifecycleState.InService, "....-.MD")]
    [InlineData(LifecycleState.Suspended, "....-SMD")]
    [InlineData(LifecycleState.Moved, ".I....MD")]
    [InlineData(LifecycleState.Dismantled, "PI......")]
    public void Every_pair_of_state_and_kind_is_decided(LifecycleState state, string expected)
    {
        string seen = string.Concat(Enum.GetValues<LifecycleKind>().Where(k => k != LifecycleKind.Withdrawn).Select(k => Letter(LifecycleTable.Next(state, k).State)));
        Assert.Equal(expected, seen);
    }

    [Fact]
    public void Every_refusal_says_why_in_both_languages()
    {
        foreach (var state in Enum.GetValues<LifecycleState>())
            foreach (var kind in Enum.GetValues<LifecycleKind>().Where(k => k != LifecycleKind.Withdrawn))
            {
                var step = LifecycleTable.Next(state, kind);
                Assert.True(step.State is null != step.Refusal is null, $"{state} {kind}");
                if (step.Refusal is { } why) Assert.True(why.Zh.Length > 3 && why.En.Length > 3);
            }
    }

    private static char Letter(LifecycleState? state) => state switch
    {
        LifecycleState.Planned => 'P',
        LifecycleState.Installed => 'I',
        LifecycleState.Accepted => 'A',
        LifecycleState.InService => 'S',
        LifecycleState.Suspended => '-',
        LifecycleState.Moved => 'M',
        LifecycleState.Dismantled => 'D',
        _ => '.',
    };
}
