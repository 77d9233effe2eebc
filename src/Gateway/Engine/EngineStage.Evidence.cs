using System.Text.Json;
using Gateway.Domain.Evidence;
using Gateway.Engine.Views;
using Gateway.Evidence;

namespace Gateway.Engine;

/// <summary>What the chain says about itself and its time: checkpoints that go out with lane one, steps of the wall clock.</summary>
public sealed partial class EngineStage
{
    /// <summary>A chain that nothing outside pins yet gets its first checkpoint soon: one that is killed every half hour would never get any.</summary>
    private static readonly TimeSpan FirstCheckpointAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan ClockEvery = TimeSpan.FromSeconds(1);

    /// <summary>Less is the fine tuning of a time server.</summary>
    private const long ClockStepMs = 1_000;

    private ClockRow? _clockStep;
    private long _wallSkewMs;
    private long _clockMs;
    private long _checkpointDueMs;
    private string _checkpointReason = "hour";
    private long _checkpointLaneRow;

    /// <summary>Number of the row of lane one that carries the newest checkpoint; a target that is past it has it. After a start: of the newest row there is.</summary>
    public long CheckpointLaneRow => Volatile.Read(ref _checkpointLaneRow);

    /// <summary>Takes a checkpoint now; completes when it is on disk.</summary>
    public Task CheckpointAsync(string reason) => WriteAsync((_, nowMs) => WriteCheckpoint(nowMs, reason));

    /// <summary>When the next checkpoint is due: an hour after the last one, whoever stopped in between.</summary>
    private void BeginEvidence(long nowMs)
    {
        long last = _state.NewestCheckpointMs();
        (_wallSkewMs, _checkpointLaneRow) = (_clock.WallSkewMs(), _state.NextLaneOne - 1);
        _checkpointReason = last == 0 ? "first" : "hour";
        _checkpointDueMs = last == 0 ? nowMs + (long)FirstCheckpointAfter.TotalMilliseconds : Math.Min(last, nowMs) + (long)CheckpointEvery.TotalMilliseconds;
    }

    /// <summary>Looks at clock and calendar.</summary>
    /// <returns>True when a checkpoint is due.</returns>
    private bool NoteEvidence(long nowMs)
    {
        if (nowMs - _clockMs >= ClockEvery.TotalMilliseconds)
        {
            _clockMs = nowMs;
            long skew = _clock.WallSkewMs();
            if (Math.Abs(skew - _wallSkewMs) > ClockStepMs) _clockStep = new ClockRow(skew - _wallSkewMs, skew);
        }
        return nowMs >= _checkpointDueMs;
    }

    private void WriteClockStep(long nowMs)
    {
        foreach (var step in (ReadOnlySpan<ClockRow?>)[_clockStep, _anchored])
            if (step is not null) _state.Journal("clock", nowMs, JsonSerializer.SerializeToUtf8Bytes(step, ViewJson.Default.ClockRow));
    }

    private void WriteCheckpoint(long nowMs, string reason)
    {
        var (row, seq) = _state.Checkpoint(_identity.GatewayId, nowMs, reason);
        _points.Checkpoint(new Checkpoint(row.Gateway, row.Seq, row.Hash, row.Count, nowMs), seq);
        Volatile.Write(ref _checkpointLaneRow, _state.NextLaneOne);
    }

    private void EvidenceKept(long nowMs, bool checkpoint)
    {
        if (_clockStep is { } step) (_wallSkewMs, _clockStep) = (step.SkewMs, null);
        _anchored = null;
        if (!checkpoint) return;
        long every = (long)CheckpointEvery.TotalMilliseconds;
        // On the beat, however late this one came.
        while (_checkpointDueMs <= nowMs) _checkpointDueMs += every;
        _checkpointReason = "hour";
    }
}
