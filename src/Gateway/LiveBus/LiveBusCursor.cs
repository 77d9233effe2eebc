namespace Gateway.LiveBus;

/// <summary>How far the broker has come in the journal: past a step only when it has that one and all before it.</summary>
/// <remarks><b>Threading</b>: safe for all. Bounded by what may wait for the broker.</remarks>
internal sealed class LiveBusCursor(long next)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Step> _steps = [];
    private long _next = next;

    /// <summary>First row the broker may not have; 0 = it never had any.</summary>
    public long Next
    {
        get
        {
            lock (_gate) return _next;
        }
    }

    /// <summary>A message goes out that has to arrive before the cursor may pass that row; −1 for one that belongs to no row.</summary>
    public Step Send(long seq)
    {
        var step = new Step(seq);
        lock (_gate) _steps.AddLast(step);
        return step;
    }

    /// <summary>It did not go out after all.</summary>
    public void Withdraw(Step step)
    {
        lock (_gate) _steps.Remove(step);
    }

    /// <summary>The broker has it, or will never take it.</summary>
    public void Arrived(Step step)
    {
        lock (_gate)
        {
            step.Arrived = true;
            while (_steps.First is { Value: { Arrived: true, Seq: var seq } })
            {
                _next = Math.Max(_next, seq + 1);
                _steps.RemoveFirst();
            }
        }
    }

    /// <summary>One message on its way.</summary>
    public sealed class Step(long seq)
    {
        public long Seq => seq;

        public bool Arrived { get; set; }
    }
}
