using Gateway.Domain.Alarms;
using Xunit;
using static Gateway.Domain.Alarms.AlarmEvent;
using static Gateway.Domain.Alarms.AlarmState;

namespace Gateway.Domain.Tests.Alarms;

/// <summary>The table of ISA-18.2 as this gateway uses it, said once more in another form: what steps, what a person is refused; all else is no news.</summary>
public sealed class AlarmTableTests
{
    private static readonly Dictionary<AlarmState, (AlarmEvent On, AlarmState Next)[]> Steps = new()
    {
        [Normal] = [(Raise, Unacked)],
        [Unacked] = [(Return, ReturnedUnacked), (ReturnLatching, LatchedUnacked), (Acknowledge, Acked), (Shelve, Shelved), (Suppress, Suppressed), (TakeOutOfService, OutOfService)],
        [Acked] = [(Return, Normal), (ReturnLatching, LatchedAcked), (Shelve, Shelved), (Suppress, Suppressed), (TakeOutOfService, OutOfService)],
        [ReturnedUnacked] = [(Raise, Unacked), (Acknowledge, Normal), (Shelve, Shelved), (TakeOutOfService, OutOfService)],
        [LatchedUnacked] = [(Raise, Unacked), (Acknowledge, LatchedAcked), (Shelve, Shelved), (TakeOutOfService, OutOfService)],
        [LatchedAcked] = [(Raise, Unacked), (Reset, Normal), (Shelve, Shelved), (TakeOutOfService, OutOfService)],
        [Shelved] = [(Raise, Shelved), (Return, Shelved), (ReturnLatching, Shelved), (Shelve, Shelved), (UnshelveStanding, Unacked), (UnshelveOver, Normal), (Worsen, Unacked), (TakeOutOfService, OutOfService)],
        [Suppressed] = [(Return, Normal), (ReturnLatching, LatchedUnacked), (ReleaseStanding, Unacked), (ReleaseOver, Normal), (TakeOutOfService, OutOfService)],
        [OutOfService] = [(Raise, OutOfService), (Return, OutOfService), (ReturnLatching, OutOfService), (PutInServiceStanding, Unacked), (PutInServiceOver, Normal)],
    };

    private static readonly AlarmEvent[] ByPeople = [Acknowledge, Reset, Shelve, UnshelveStanding, UnshelveOver];

    [Fact]
    public void Every_pair_of_state_and_event_is_decided()
    {
        foreach (var state in Enum.GetValues<AlarmState>())
            foreach (var @event in Enum.GetValues<AlarmEvent>())
            {
                var (effect, next) = AlarmTable.Next(state, @event);
                bool steps = Steps[state].Any(s => s.On == @event);
                var expected = steps ? AlarmEffect.Step : ByPeople.Contains(@event) ? AlarmEffect.Refused : AlarmEffect.Nothing;
                Assert.True(expected == effect, $"{state}, {@event}: expected {expected}, saw {effect}");
                Assert.True(next == (steps ? Steps[state].Single(s => s.On == @event).Next : state), $"{state}, {@event}: saw {next}");
            }
    }

    [Fact]
    public void A_standing_alarm_never_becomes_normal_but_by_its_return_or_by_what_says_that_it_is_over()
    {
        AlarmEvent[] over = [Return, ReturnLatching, Acknowledge, Reset, UnshelveOver, ReleaseOver, PutInServiceOver];
        AlarmState[] standing = [Unacked, Acked];
        foreach (var state in Enum.GetValues<AlarmState>())
            foreach (var @event in Enum.GetValues<AlarmEvent>())
                if (state != Normal && AlarmTable.Next(state, @event).Next == Normal)
                {
                    Assert.Contains(@event, over);
                    Assert.False(standing.Contains(state) && @event != Return, $"{state}, {@event}");
                }
    }

    /// <summary>The numbers are known to whoever reads the store.</summary>
    [Fact]
    public void The_codes_of_the_states_stay() =>
        Assert.Equal([(Normal, 0), (Unacked, 1), (Acked, 2), (ReturnedUnacked, 3), (Suppressed, 4), (LatchedUnacked, 5), (LatchedAcked, 6), (Shelved, 7), (OutOfService, 8)], Enum.GetValues<AlarmState>().Select(s => (s, (int)s)));
}
