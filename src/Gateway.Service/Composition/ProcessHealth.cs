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

    public void StopAsked() => _ended.TrySetResult();
}
