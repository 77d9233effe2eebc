namespace Gateway.Faults.Load;

/// <summary>One message of a device.</summary>
/// <param name="AtMs">Device time; no two messages of a device share one.</param>
/// <param name="Moment">What it says of its load moment, per cent; above 100 the gateway must raise an alarm.</param>
internal sealed record Sent(string Device, long Seq, long AtMs, double Moment)
{
    public const double Overload = 110;

    public bool IsAlarm => Moment > 100;

    /// <summary>A calm value that differs from message to message, so that a mix-up shows.</summary>
    public static double Calm(long seq) => 20 + seq % 60;
}
