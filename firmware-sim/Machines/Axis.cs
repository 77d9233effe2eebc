namespace FirmwareSim.Machines;

/// <summary>One drive: accelerates towards a target, keeps to its top speed, brakes in time and stops exactly there.</summary>
/// <param name="position">Where it starts, in the unit of the axis (m, °, t).</param>
/// <param name="speedMax">Units per second.</param>
/// <param name="acceleration">Units per second squared, also for braking.</param>
internal sealed class Axis(double position, double speedMax, double acceleration)
{
    public double Position { get; private set; } = position;

    /// <summary>Signed, units per second.</summary>
    public double Speed { get; private set; }

    public double Target { get; set; } = position;

    public bool HasArrived => Position == Target;

    public void Advance(double seconds)
    {
        double distance = Target - Position;
        double wanted = Math.CopySign(Math.Min(speedMax, Math.Sqrt(2 * acceleration * Math.Abs(distance))), distance);
        Speed += Math.Clamp(wanted - Speed, -acceleration * seconds, acceleration * seconds);
        double travel = Speed * seconds;
        if (Math.Abs(distance) <= Math.Abs(travel) || distance == 0)
        {
            Position = Target;
            Speed = 0;
            return;
        }
        Position += travel;
    }
}
