// Real processes on real ports. Most tests wait nearly all the time, so three go side by side; those that measure times or load the machine are in Alone and have it to themselves.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace Gateway.Service.Tests;

/// <summary>Tests that are judged by times of less than a second or two, or that keep both cores busy: one at a time, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = nameof(Alone);
}
