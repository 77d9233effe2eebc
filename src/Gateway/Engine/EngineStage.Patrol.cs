using Gateway.Patrol;
using Gateway.Store;

namespace Gateway.Engine;

/// <summary>Results of the patrol, from the console to the engine's thread.</summary>
public sealed partial class EngineStage
{
    /// <summary>Completes when result, audit and alarm are on disk.</summary>
    public Task PatrolResultAsync(PatrolResult result)
    {
        var command = new PatrolCommand(result);
        Post(command);
        return command.Done;
    }

    private sealed class PatrolCommand(PatrolResult result) : EngineCommand
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public override void Judge(SiteEngine engine, long nowMs) => engine.Patrolled(result.Device, result.Result == PatrolResult.Fault, result.Note, nowMs);

        public override void Write(StateStore state, long nowMs) => state.KeepPatrolResult(nowMs, result);

        public override void Complete() => _done.TrySetResult();

        public override void Fail(Exception cause) => _done.TrySetException(cause);
    }
}
