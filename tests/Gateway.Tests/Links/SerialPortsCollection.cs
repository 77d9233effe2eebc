using Xunit;

namespace Gateway.Tests.Links;

/// <summary>Tests on real terminals run one after the other and beside nothing else: they look at time and at descriptors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SerialPortsCollection
{
    public const string Name = "serial ports";
}
