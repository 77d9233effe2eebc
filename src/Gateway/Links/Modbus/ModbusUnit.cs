using Gateway.Domain.Ledger;

namespace Gateway.Links.Modbus;

/// <summary>One device on a bus.</summary>
/// <param name="DeviceId">The device in the ledger.</param>
/// <param name="Address">1 to 247.</param>
/// <param name="Period">From the beginning of one round over the blocks to the next.</param>
/// <param name="ResponseTimeout">From the last bit of a request to the first byte of its reply, and the longest pause inside a reply.</param>
/// <param name="Blocks">What is read in a round; at least one. Near ones are merged.</param>
public sealed record ModbusUnit(
    string DeviceId, byte Address, TimeSpan Period, TimeSpan ResponseTimeout, IReadOnlyList<ModbusReadBlock> Blocks)
{
    /// <summary>Who goes first when several are due.</summary>
    public BusPriority Priority { get; init; } = BusPriority.Normal;
}
