namespace FirmwareSim.Machines;

/// <summary>A value that wanders around 0 and is drawn back (Ornstein-Uhlenbeck): gusts, noise, slow weather.</summary>
/// <param name="deviation">Standard deviation in the long run.</param>
/// <param name="timeConstantSeconds">How long it remembers.</param>
internal sealed class MeanReverting(Random random, double deviation, double timeConstantSeconds)
{
    public double Value { get; private set; } = deviation * random.Normal();

    public void Advance(double seconds)
    {
        double keep = Math.Exp(-seconds / timeConstantSeconds);
        Value = (Value * keep) + (deviation * Math.Sqrt(1 - (keep * keep)) * random.Normal());
    }
}
