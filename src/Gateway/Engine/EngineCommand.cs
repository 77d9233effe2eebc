using Gateway.Store;

namespace Gateway.Engine;

/// <summary>Something another thread asks of the engine's thread; answered after the commit that carries it.</summary>
internal abstract class EngineCommand
{
    /// <summary>Runs on the engine's thread, before the commit.</summary>
    public virtual void Judge(SiteEngine engine, long nowMs)
    {
    }

    /// <summary>Writes within the commit; may run again when the commit failed.</summary>
    public virtual void Write(StateStore state, long nowMs)
    {
    }

    public abstract void Complete();

    public abstract void Fail(Exception cause);
}

/// <summary>A write of the console or the uplink: accounts, sessions, audit.</summary>
internal sealed class WriteCommand(Action<StateStore, long> write) : EngineCommand
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Write(StateStore state, long nowMs) => write(state, nowMs);

    public override void Complete() => _done.TrySetResult();

    public override void Fail(Exception cause) => _done.TrySetException(cause);
}
