using Gateway.Domain.Presence;

namespace Gateway.Domain.Compliance;

/// <summary>Under which heading a millisecond is booked; exactly one.</summary>
public enum AccountState : byte { Online, Offline, Unknown, Excused, NotInService }

/// <summary>What stands beside the causes of presence in the accounts.</summary>
public static class AccountCause
{
    /// <summary>No interval says anything of that time: never silently online.</summary>
    public const string NoRecord = "no-record";

    /// <summary>The gateway did not watch it, because it was not in service by what was entered then.</summary>
    public const string NotWatched = "not-watched";
}

/// <summary>A stretch of one device's time under one heading, and what it rests on. Half open, ms.</summary>
/// <param name="Cause">Of offline and unknown: the presence cause or <see cref="AccountCause"/>; of excused: the reason; of not in service: the lifecycle state; else empty.</param>
/// <param name="Seq">Chain row of the presence interval; 0: none, or one that is still open.</param>
/// <param name="EntrySeq">Chain row of the lifecycle entry; 0: the ledger's days, or none.</param>
/// <param name="Heard">What was heard of the device meanwhile, whatever the heading.</param>
public readonly record struct AccountPiece(AccountState State, string Cause, long FromMs, long ToMs, long Seq, long EntrySeq, PresenceState Heard)
{
    public long LengthMs => ToMs - FromMs;

    /// <summary>The part of it in which the device is proven to have measured, ms; only of unknown and silent time.</summary>
    public long MeasuredMs { get; init; }

    /// <summary>It was there although it need not have been.</summary>
    public bool OnlineAlthoughExcused => State == AccountState.Excused && Heard == PresenceState.Online;

    internal bool Continues(in AccountPiece before) => before.ToMs == FromMs && before with { FromMs = FromMs, ToMs = ToMs } == this;
}
