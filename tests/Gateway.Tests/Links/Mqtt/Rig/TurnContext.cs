using System.IO.Pipelines;

namespace Gateway.Tests.Links.Mqtt.Rig;

/// <summary>Everything happens in the test's own turn: what tasks and the listener would run elsewhere waits here until the turn ends.</summary>
internal sealed class TurnContext : SynchronizationContext
{
    private readonly Queue<Action> _waiting = new();

    public TurnContext() => Aside = new TurnScheduler(this);

    public PipeScheduler Aside { get; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_waiting) _waiting.Enqueue(() => d(state));
    }

    /// <summary>Runs the action and everything it set off.</summary>
    public void Turn(Action action)
    {
        var outside = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (TryTake(out var next)) next();
        }
        finally
        {
            SetSynchronizationContext(outside);
        }
    }

    /// <summary>What is still waiting will never run: the process is gone.</summary>
    public void Forget()
    {
        lock (_waiting) _waiting.Clear();
    }

    private bool TryTake(out Action next)
    {
        lock (_waiting) return _waiting.TryDequeue(out next!);
    }

    private sealed class TurnScheduler(TurnContext context) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => context.Post(s => action(s), state);
    }
}
