using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>One turn on the bus, and what follows from its end.</summary>
public sealed partial class ModbusBus
{
    /// <summary>Illegal data address: a merged read may have crossed registers that the unit does not have. Illegal data value: or it was longer than the unit allows.</summary>
    private const int IllegalAddress = 2;

    private const int IllegalValue = 3;

    private ModbusAnswer Ask(ModbusLine line, BusTurn turn)
    {
        var unit = _options.Units[turn.Unit];
        var read = _plans[turn.Unit][turn.Block];
        _tally.Asked(turn.Unit, turn.IsProbe);
        var from = line.Now;
        var request = ModbusRequest.Read(unit.Address, read.Block.Function, read.Block.Address, read.Block.Count);
        var answer = line.Ask(request, unit.ResponseTimeout, unit.DeviceId);
        var now = line.Now;
        _tally.Busy(now - from);
        if (answer.Kind == ModbusAnswerKind.Data) OnData(turn.Unit, read.Block, answer, now);
        else if (answer.Kind == ModbusAnswerKind.Failed && read.IsMerged && answer.ExceptionCode is IllegalAddress or IllegalValue) OnUnmerged(turn, read, answer.ExceptionCode);
        else if (answer.Kind == ModbusAnswerKind.Failed) OnFailed(turn.Unit, answer, now);
        return answer;
    }

    private ModbusAnswer Write(ModbusLine line, WriteQueue.Entry write)
    {
        var unit = _options.Units[write.Unit];
        var from = line.Now;
        var answer = line.Ask(write.Write.For(unit.Address), unit.ResponseTimeout, unit.DeviceId);
        _tally.Busy(line.Now - from);
        write.Done.SetResult(answer switch
        {
            { Kind: ModbusAnswerKind.Data } => ModbusWriteOutcome.Done,
            { Failure: ModbusFailure.Exception, Kind: ModbusAnswerKind.Failed } => ModbusWriteOutcome.Refused,
            _ => ModbusWriteOutcome.Unconfirmed,
        });
        return answer;
    }

    private void OnData(int index, ModbusReadBlock block, ModbusAnswer answer, TimeSpan now)
    {
        var unit = _options.Units[index];
        _tally.Answered(index);
        OnChange(index, _schedule.Report(now, answered: true), default);
        _observer.Answered(_options.BusId, unit, block, answer.Data, answer.ReceivedTimestamp);
    }

    private void OnFailed(int index, ModbusAnswer answer, TimeSpan now)
    {
        _tally.Failed(index, answer.Failure);
        OnChange(index, _schedule.Report(now, answered: answer.Failure == ModbusFailure.Exception), answer.Failure);
        _observer.Failed(_options.BusId, _options.Units[index], answer.Failure, answer.ExceptionCode);
    }

    private void OnUnmerged(BusTurn turn, ModbusPlannedRead read, int code)
    {
        var (unit, plan) = (_options.Units[turn.Unit], _plans[turn.Unit]);
        plan.RemoveAt(turn.Block);
        plan.InsertRange(turn.Block, read.Parts.Select(part => new ModbusPlannedRead(part, [part])));
        _schedule.Split(read.Parts.Count);
        _tally.State(turn.Unit, StateOf(turn.Unit));
        LogUnmerged(_options.BusId, unit.DeviceId, unit.Address, read.Block.Address, read.Block.Count, read.Parts.Count, code);
    }

    private void OnChange(int index, UnitChange change, ModbusFailure reason)
    {
        var unit = _options.Units[index];
        _tally.State(index, StateOf(index));
        if (change == UnitChange.Died) LogUnitDied(_options.BusId, unit.DeviceId, unit.Address, reason);
        else if (change == UnitChange.Recovered) LogUnitRecovered(_options.BusId, unit.DeviceId, unit.Address);
    }

    private string StateOf(int unit) => _schedule.IsDead(unit) ? "dead" : _schedule.IsTrusted(unit) ? "trusted" : "doubtful";
}
