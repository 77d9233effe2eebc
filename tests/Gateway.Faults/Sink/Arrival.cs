using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Sink;

/// <summary>One line that reached the sink.</summary>
/// <param name="Kept">False: the sink refused it, or has forgotten it since.</param>
internal sealed record Arrival(SinkLine Line, bool Kept)
{
    /// <summary>Answered for while the sink lied: a crash forgets it.</summary>
    public bool Unsafe { get; init; }
}
