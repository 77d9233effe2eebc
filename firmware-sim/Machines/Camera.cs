using System.Text.Json;

namespace FirmwareSim.Machines;

internal sealed record CameraSample(double FramesPerSecond, int BitrateKbps, bool Recording) : ISample
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteRounded("fps", FramesPerSecond, 1);
        json.WriteNumber("bitrate_kbps", BitrateKbps);
        json.WriteNumber("recording", Recording ? 1 : 0);
    }
}

/// <summary>A recording network camera: 25 frames a second, a bit rate that breathes with the picture.</summary>
internal sealed class Camera(Random random) : IMachine<CameraSample>
{
    private readonly StepClock _steps = new(TimeSpan.FromSeconds(1));
    private readonly MeanReverting _motion = new(random, deviation: 250, timeConstantSeconds: 20);

    public CameraSample Measure(TimeSpan sinceStart, Conditions conditions)
    {
        while (_steps.TryStep(sinceStart)) _motion.Advance(_steps.StepSeconds);
        double framesPerSecond = 25 - (random.NextDouble() < 0.05 ? 0.4 : 0);
        return new CameraSample(framesPerSecond, (int)Math.Clamp(4096 + _motion.Value, 2048, 6144), Recording: true);
    }
}
