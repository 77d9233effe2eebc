using Gateway.Testing.Sparkplug;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>An edge node as the standard wants it: counts, names its metrics at birth and calls them by alias afterwards. Makes messages; the test delivers them.</summary>
internal sealed class TestNode(string group, string node, Func<long> now)
{
    private readonly Dictionary<string, ulong> _aliases = new(StringComparer.Ordinal);

    public ulong BdSeq { get; private set; }

    /// <summary>The number of the next message.</summary>
    public byte Seq { get; set; }

    /// <summary>The next alias; a test that moves it gives the metrics of the next birth other ones.</summary>
    public ulong NextAlias { get; set; } = 1;

    public bool UsesAliases { get; init; } = true;

    public string CommandTopic => Topic("NCMD");

    /// <summary>A new connection: the Will has its number, and counting begins again.</summary>
    public TestMessage Connect()
    {
        BdSeq = (BdSeq + 1) & 0xFF;
        Seq = 0;
        return new TestMessage(Topic("NDEATH"), TestPayload.NodeDeath(BdSeq));
    }

    public TestMessage Birth(params TestMetric[] metrics) => new(Topic("NBIRTH"), TestPayload.NodeBirth(now(), Seq++, BdSeq, Named("", metrics)));

    public TestMessage Data(params TestMetric[] metrics) => new(Topic("NDATA"), TestPayload.Of(now(), Seq++, Called("", metrics)));

    public TestMessage Death() => new(Topic("NDEATH"), TestPayload.NodeDeath(BdSeq));

    public TestMessage DeviceBirth(string device, params TestMetric[] metrics) => new($"{Topic("DBIRTH")}/{device}", TestPayload.Of(now(), Seq++, Named(device, metrics)));

    public TestMessage DeviceData(string device, params TestMetric[] metrics) => new($"{Topic("DDATA")}/{device}", TestPayload.Of(now(), Seq++, Called(device, metrics)));

    public TestMessage DeviceDeath(string device) => new($"{Topic("DDEATH")}/{device}", TestPayload.Of(now(), Seq++));

    private string Topic(string type) => $"spBv1.0/{group}/{type}/{node}";

    private TestMetric[] Named(string device, TestMetric[] metrics) => [.. metrics.Select(m => UsesAliases ? m with { Alias = _aliases[$"{device}:{m.Name}"] = NextAlias++ } : m)];

    private TestMetric[] Called(string device, TestMetric[] metrics) =>
        [.. metrics.Select(m => UsesAliases && m.Name is { } name && _aliases.TryGetValue($"{device}:{name}", out ulong alias) ? m.ByAlias(alias) : m)];
}
