namespace FirmwareSim.Machines;

/// <summary>
/// Something on the site that can be measured. Its story follows from the seed and the time alone, whoever asks how often.
/// </summary>
internal interface IMachine<out TSample>
{
    /// <summary>Moves on to <paramref name="sinceStart"/> (an earlier time changes nothing) and measures. One caller at a time.</summary>
    TSample Measure(TimeSpan sinceStart, Conditions conditions);
}

/// <summary>What is wrong at the moment of the measurement.</summary>
internal readonly record struct Conditions(bool Overload, bool Gust, bool DustPeak);
