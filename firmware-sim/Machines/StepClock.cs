namespace FirmwareSim.Machines;

/// <summary>Cuts time into equal steps, so that a machine's story does not depend on how often it is looked at.</summary>
internal sealed class StepClock(TimeSpan step)
{
    private TimeSpan _now = TimeSpan.Zero;

    /// <summary>Length of one step in seconds.</summary>
    public double StepSeconds { get; } = step.TotalSeconds;

    /// <summary>True as long as a step is due before <paramref name="sinceStart"/>; each true is one step to take.</summary>
    public bool TryStep(TimeSpan sinceStart)
    {
        if (_now + step > sinceStart) return false;
        _now += step;
        return true;
    }

    /// <summary>The time reached, since the start.</summary>
    public TimeSpan Now => _now;
}
