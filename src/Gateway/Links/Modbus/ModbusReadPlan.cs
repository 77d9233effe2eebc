using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>One request of a round: a block, or several of one function that lie so near that one request costs less than two.</summary>
/// <param name="Block">What is asked.</param>
/// <param name="Parts">The blocks of the profile in it, in order of address.</param>
internal sealed record ModbusPlannedRead(ModbusReadBlock Block, IReadOnlyList<ModbusReadBlock> Parts)
{
    public bool IsMerged => Parts.Count > 1;
}

/// <summary>Which requests a unit's round is made of.</summary>
internal static class ModbusReadPlan
{
    private const int ReplyOverhead = 5;

    public static List<ModbusPlannedRead> Of(IReadOnlyList<ModbusReadBlock> blocks, BusTiming timing)
    {
        var reads = new List<ModbusPlannedRead>();
        // A stable order: the round begins with the function that the profile names first.
        foreach (var function in blocks.GroupBy(b => b.Function))
        {
            List<ModbusReadBlock> open = [];
            foreach (var block in function.OrderBy(b => b.Address).ThenBy(b => b.Count))
            {
                if (open.Count > 0 && !CanJoin(Span(open), block, timing))
                {
                    reads.Add(Close(open));
                    open = [];
                }
                open.Add(block);
            }
            reads.Add(Close(open));
        }
        return reads;
    }

    /// <summary>What a gap costs in bytes on the wire, against head, tail and silences of a second request and reply. The unit's own delay is saved too, but nobody knows it.</summary>
    private static bool CanJoin(ModbusReadBlock open, ModbusReadBlock next, BusTiming timing)
    {
        bool bits = open.Function <= ModbusFunction.ReadDiscreteInputs;
        int gap = next.Address - (open.Address + open.Count);
        int count = Math.Max(open.Address + open.Count, next.Address + next.Count) - open.Address;
        var second = timing.Transmission(ModbusRequest.ReadSize + ReplyOverhead) + (2 * timing.Silence);
        return count <= ModbusFunction.QuantityMax(open.Function) && (gap <= 0 || timing.Transmission(bits ? (gap + 7) / 8 : 2 * gap) < second);
    }

    private static ModbusReadBlock Span(List<ModbusReadBlock> blocks)
    {
        ushort first = blocks[0].Address;
        return new ModbusReadBlock(blocks[0].Function, first, (ushort)(blocks.Max(b => b.Address + b.Count) - first));
    }

    private static ModbusPlannedRead Close(List<ModbusReadBlock> blocks) => new(Span(blocks), blocks);
}
