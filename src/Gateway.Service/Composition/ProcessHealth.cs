namespace Gateway.Service.Composition;

/// <summary>What the supervisor is told: whether a stage failed, whether links listen.</summary>
internal sealed class ProcessHealth
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _fault;

    public string? Fault => _fault;

    public bool Listening { get; set; }

    /// <summary>Completes when the process should end, for better or worse.</summary>
    public Task Ended => _ended.Task;

    public void Failed(Exception fault)
    {
        _fault = fault.Message;
        _ended.TrySetResult();
    }

    /// <summary>Completes when the loop does: cancelled is asked to stop, anything else is a fault of the process.</summary>
    public async Task SuperviseAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
        // The supervisor of this loop: a gateway whose doors nobody watches must not go on as if somebody did.
        catch (Exception fault)
        {
            Failed(fault);
        }
    }

    public void StopAsked() => _ended.TrySetResult();
}
