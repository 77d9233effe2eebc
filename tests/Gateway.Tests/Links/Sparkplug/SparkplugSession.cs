using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>A host and node n1 with its two cranes, connected for the first time.</summary>
public abstract class SparkplugSession : IDisposable
{
    private protected readonly SparkplugRig _rig = new();
    private protected readonly TestNode _node;

    protected SparkplugSession()
    {
        _node = new TestNode("yard", "n1", () => _rig.NowMs);
        _node.Connect();
    }

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }

    internal void Born()
    {
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(1), Wind(2)), _node.DeviceBirth("k2", Wind(3)));
        Assert.Equal(3, _rig.Ingested().Events.Count + 1);
    }

    internal static TestMetric Load(double value) => TestMetric.Double("Crane/load_t", value);

    internal static TestMetric Wind(double value) => TestMetric.Double("Crane/wind_mps", value);

    internal static TestMetric Tilt(double value) => TestMetric.Double("Crane/tilt_deg", value);
}
