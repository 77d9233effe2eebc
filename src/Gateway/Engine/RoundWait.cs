namespace Gateway.Engine;

/// <summary>How the engine's loop waits: on its own thread. A simulation, which has one thread for everything, lets the others run meanwhile.</summary>
internal class RoundWait
{
    public static RoundWait OnThread { get; } = new();

    /// <returns>False when nothing was signalled in time.</returns>
    public virtual bool For(ManualResetEventSlim signal, TimeSpan limit) => signal.Wait(limit);
}
