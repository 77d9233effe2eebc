using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Seeded runs: what was acknowledged is delivered, at least once or exactly once, in order, through lost connections, a refusing disk and power cuts.</summary>
public sealed class MqttSimulationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Everything_acknowledged_is_delivered_whatever_happens(int seed) => Run(seed);

    [Fact]
    public void And_with_seeds_nobody_has_tried_yet()
    {
        for (int i = 0; i < 3; i++) Run(Random.Shared.Next());
    }

    private static void Run(int seed)
    {
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
        try
        {
            using var simulation = new MqttSimulation(seed);
            simulation.Run(1_500);
            simulation.Drain();
            Assert.True(simulation.Crashes > 3 && simulation.Accepted > 100, $"{simulation.Crashes} crashes, {simulation.Accepted} messages");
            simulation.CheckDeliveries();
            simulation.CheckNothingIsLeft();
        }
        catch (Exception failed)
        {
            Assert.Fail($"seed {seed}: {failed}");
        }
    }
}
