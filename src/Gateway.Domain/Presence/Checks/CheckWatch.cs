using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

/// <summary>What one message says to one check.</summary>
public enum CheckVerdict : byte
{
    /// <summary>Nothing: the field is not in it, or there is nothing yet to compare with.</summary>
    None,
    Good,
    Bad,
}

/// <summary>A check bound to one device. Pure; fails after so many bad messages in a row, passes again after enough good ones for long enough.</summary>
public abstract class CheckWatch(CheckSpec spec, int times)
{
    private int _bad;
    private int _good;
    private long _goodSinceMs;

    public CheckSpec Spec { get; } = spec;

    public bool Failing { get; private set; }

    /// <summary>Some message could be judged since the start.</summary>
    public bool Judged { get; private set; }

    /// <summary>Since when it fails or passes; 0 = never judged.</summary>
    public long SinceMs { get; private set; }

    /// <summary>How often it failed since the start of the process.</summary>
    public int Failures { get; private set; }

    /// <summary>The field that the newest bad message was about, −1 where it is none in particular.</summary>
    public int Slot { get; protected set; } = -1;

    /// <summary>What was seen in the newest bad message, in the unit of <see cref="Limit"/>.</summary>
    public double Seen { get; protected set; }

    /// <summary>What it was held against: seconds, unit per second, limit of the field, milliseconds, messages, bit or value, by kind.</summary>
    public double Limit { get; protected set; }

    /// <summary>Takes one message.</summary>
    /// <returns>True when the check fails from now on, or passes from now on.</returns>
    internal bool Take(in LiveMessage message)
    {
        switch (Look(message))
        {
            case CheckVerdict.Bad:
                Begin(message.AtMs);
                _good = 0;
                return !Failing && ++_bad >= times && Turn(true, message.AtMs);
            case CheckVerdict.Good:
                Begin(message.AtMs);
                _bad = 0;
                if (!Failing) return false;
                if (_good++ == 0) _goodSinceMs = message.AtMs;
                return _good >= Spec.GoodToReturn && message.AtMs - _goodSinceMs >= Spec.GoodMsToReturn && Turn(false, message.AtMs);
            default: return false;
        }
    }

    /// <summary>Takes up a suspicion whose alarm was open before a restart: good messages must clear it.</summary>
    public void Resume(long atMs)
    {
        (Failing, Judged, SinceMs) = (true, true, atMs);
        (_good, _bad) = (0, 0);
    }

    /// <summary>After a silence, or with a clock that cannot be trusted, what came before says nothing about what comes next; a failure stands, and what it was found by.</summary>
    internal void BreakOff()
    {
        (_bad, _good) = (0, 0);
        if (!Failing) Forget();
    }

    /// <summary>The device left service: all starts anew.</summary>
    internal void StartOver()
    {
        (Failing, Judged, SinceMs) = (false, false, 0);
        BreakOff();
    }

    protected abstract CheckVerdict Look(in LiveMessage message);

    /// <summary>Drops what later messages would be compared with.</summary>
    protected virtual void Forget()
    {
    }

    private void Begin(long atMs)
    {
        if (Judged) return;
        (Judged, SinceMs) = (true, atMs);
    }

    private bool Turn(bool failing, long atMs)
    {
        (Failing, SinceMs, _bad, _good) = (failing, atMs, 0, 0);
        if (failing) Failures++;
        return true;
    }
}
