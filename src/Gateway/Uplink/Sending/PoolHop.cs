using System.Runtime.CompilerServices;

namespace Gateway.Uplink.Sending;

/// <summary>
/// Leaves the thread that completed what was awaited: sockets complete on the polling thread that reads the devices (Program.cs), and whatever the caller does next must not run there.
/// </summary>
internal static class PoolHop
{
    // Only a task that is already complete is sure to yield. A caller that brought a context of its own stays in it: there is no such thing in the gateway, but in its simulation.
    public static ConfiguredTaskAwaitable Await() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
