namespace Gateway.Tests.Simulation;

/// <summary>All asynchronous work of one gateway on one thread, in an order the seed draws.</summary>
internal sealed class SimulatedThreads(Random random) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback What, object? State)> _ready = [];
    private readonly List<Task> _tasks = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _ended;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread) Environment.FailFast("something of the simulated gateway runs on another thread: the life is not its seed's any more");
        if (!_ended) _ready.Add((d, state));
    }

    public void Start(Func<Task> work) => Within(() => _tasks.Add(work()));

    /// <returns>False when nothing is ready to run.</returns>
    public bool RunOne()
    {
        if (_ready.Count == 0) return false;
        int at = random.Next(_ready.Count);
        var (what, state) = _ready[at];
        _ready[at] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Within(() => what(state));
        foreach (var task in _tasks)
            if (task.IsFaulted) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(task.Exception!.InnerException!);
        return true;
    }

    /// <summary>The process is gone: nothing of it runs any more.</summary>
    public void End()
    {
        _ended = true;
        _ready.Clear();
    }

    private void Within(Action what)
    {
        SetSynchronizationContext(this);
        try
        {
            what();
        }
        finally
        {
            // What completes outside must find no context, or ConfigureAwait(false) goes to the pool.
            SetSynchronizationContext(null);
        }
    }
}
