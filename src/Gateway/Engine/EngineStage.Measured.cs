using Gateway.Domain.Compliance;
using Gateway.Domain.Reports;

namespace Gateway.Engine;

/// <summary>Rows of kind <c>measured</c>: one for each interval that a device's later word reaches into.</summary>
public sealed partial class EngineStage
{
    private void Write(MeasuringProved proved, long nowMs)
    {
        string device = _engine.DeviceOf(proved.Device).Id;
        foreach (var (seq, fromMs, toMs) in _state.Unheard(device, proved.FromMs, proved.ToMs))
            _state.Journal(MeasuredJson.RowKind, nowMs, MeasuredJson.Write(new MeasuredSpan(device, Math.Max(fromMs, proved.FromMs), Math.Min(toMs, proved.ToMs), seq, 0)));
    }
}
