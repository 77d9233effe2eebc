using Gateway.Domain.Reports;

namespace Gateway.Engine;

/// <summary>Working time on disk: hours of today and stretches that go on with the heartbeat, closed stretches as rows of the chain.</summary>
public sealed partial class EngineStage
{
    /// <summary>Hours of work, of the machines whose hours changed. With the heartbeat: a crash forgets no more work than life.</summary>
    private void KeepWork()
    {
        foreach (var (device, work) in _engine.WorkToday())
        {
            if (_workKept.TryGetValue(device, out var kept) && kept == (_engine.DayFromMs, work)) continue;
            _state.KeepWork(device, _engine.DayFromMs, work);
            _workWritten.Add((device, _engine.DayFromMs, work));
        }
        foreach (var open in _engine.WorkOpen()) _state.KeepWorkOpen(open);
    }

    private void WriteWork(WorkClosed closed, long nowMs) =>
        _state.KeepWorkInterval(closed.Work with { Seq = _state.Journal(WorkJson.RowKind, nowMs, WorkJson.Write(closed.Work)) });
}
