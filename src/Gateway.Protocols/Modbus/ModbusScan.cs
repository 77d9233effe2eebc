namespace Gateway.Protocols.Modbus;

/// <summary>What everything received since a request amounts to.</summary>
public readonly ref struct ModbusScan
{
    internal ModbusScan(ModbusReply reply, int skipped, ModbusEvidence evidence, bool isPending)
    {
        Reply = reply;
        Skipped = skipped;
        Evidence = evidence;
        IsPending = isPending;
    }

    /// <summary>The answer when there is one (<see cref="ModbusReply.IsAnswer"/>), else <see cref="ModbusVerdict.NeedMore"/>.</summary>
    public ModbusReply Reply { get; }

    /// <summary>Bytes before the answer that were no part of it.</summary>
    public int Skipped { get; }

    /// <summary>Without an answer: the most telling thing seen.</summary>
    public ModbusEvidence Evidence { get; }

    /// <summary>Without an answer: a reply seems to be under way (unit and function fit), so waiting is worth while.</summary>
    public bool IsPending { get; }
}
