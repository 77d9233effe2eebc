using System.Globalization;

namespace Gateway.Uplink.Progress;

/// <summary>When a target's process began: what tells one life of it from the next.</summary>
/// <param name="Seconds">Unix time, seconds.</param>
/// <param name="ToleranceSeconds">How far two readings of one life may lie apart; 0 where the target names the moment itself, more where it was reckoned from its uptime.</param>
public readonly record struct TargetStart(double Seconds, double ToleranceSeconds = 0)
{
    public bool Same(TargetStart other) => Math.Abs(Seconds - other.Seconds) <= Math.Max(ToleranceSeconds, other.ToleranceSeconds);

    /// <summary>As it stands in <c>state.db</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:R}±{ToleranceSeconds:R}");

    /// <summary>Null when it is not what <see cref="ToString"/> writes.</summary>
    public static TargetStart? Parse(string? text)
    {
        if (text?.Split('±') is not [var seconds, var tolerance]) return null;
        return double.TryParse(seconds, CultureInfo.InvariantCulture, out double s) && double.TryParse(tolerance, CultureInfo.InvariantCulture, out double t) ? new TargetStart(s, t) : null;
    }
}
