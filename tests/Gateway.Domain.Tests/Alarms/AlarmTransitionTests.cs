using Gateway.Domain.Alarms;
using Xunit;
using static Gateway.Domain.Alarms.AlarmEvent;
using static Gateway.Domain.Alarms.AlarmState;

namespace Gateway.Domain.Tests.Alarms;

public sealed class AlarmTransitionTests
{
    /// <summary>ISA-18.2 as this gateway uses it; null = the event means nothing there.</summary>
    public static TheoryData<AlarmState, AlarmEvent, AlarmState?> All => new()
    {
        { Normal, Raise, Unacked }, { Normal, Return, null }, { Normal, Acknowledge, null }, { Normal, Suppress, null }, { Normal, Release, null },
        { Unacked, Raise, null }, { Unacked, Return, ReturnedUnacked }, { Unacked, Acknowledge, Acked }, { Unacked, Suppress, Suppressed }, { Unacked, Release, null },
        { Acked, Raise, null }, { Acked, Return, Normal }, { Acked, Acknowledge, null }, { Acked, Suppress, Suppressed }, { Acked, Release, null },
        { ReturnedUnacked, Raise, Unacked }, { ReturnedUnacked, Return, null }, { ReturnedUnacked, Acknowledge, Normal }, { ReturnedUnacked, Suppress, null }, { ReturnedUnacked, Release, null },
        { Suppressed, Raise, null }, { Suppressed, Return, Normal }, { Suppressed, Acknowledge, null }, { Suppressed, Suppress, null }, { Suppressed, Release, Unacked },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Every_pair_of_state_and_event_is_decided(AlarmState state, AlarmEvent @event, AlarmState? next) =>
        Assert.Equal(next, AlarmTransitions.Next(state, @event));

    [Fact]
    public void The_table_above_is_whole() => Assert.Equal(Enum.GetValues<AlarmState>().Length * Enum.GetValues<AlarmEvent>().Length, All.Count);
}
