using System.Text;
using Gateway.Domain.Evidence;
using Xunit;

namespace Gateway.Domain.Tests.Evidence;

public sealed class EvidenceChainTests
{
    private static readonly byte[] Zero = new byte[EvidenceChain.HashBytes];
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"device":"crane-1","name":"塔机"}""");

    /// <summary>Computed apart, with another SHA-256: anyone must be able to check the chain in ten years.</summary>
    [Fact]
    public void The_hash_of_a_known_row_is_known() =>
        Assert.Equal("4f5cec23101385e110a62b41efcb15d773bcdffd6ab267c2868a3ce90bc4cf2f", Convert.ToHexStringLower(EvidenceChain.Next(Zero, 1, 1_770_000_000_000, "alarm", Body)));

    [Fact]
    public void Any_change_of_any_part_changes_the_hash()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        void New(byte[] previous, long sequence, long atMs, string kind, byte[] body) =>
            Assert.True(seen.Add(Convert.ToHexString(EvidenceChain.Next(previous, sequence, atMs, kind, body))));

        New(Zero, 1, 1_000, "alarm", Body);
        New(Zero, 2, 1_000, "alarm", Body);
        New(Zero, 1, 1_001, "alarm", Body);
        New(Zero, 1, 1_000, "alarn", Body);
        for (int bit = 0; bit < 8 * Body.Length; bit++) New(Zero, 1, 1_000, "alarm", Flip(Body, bit));
        for (int bit = 0; bit < 8 * Zero.Length; bit++) New(Flip(Zero, bit), 1, 1_000, "alarm", Body);
    }

    [Fact]
    public void Kind_and_body_cannot_flow_into_each_other() =>
        Assert.NotEqual(EvidenceChain.Next(Zero, 1, 1, "gap", "x"u8), EvidenceChain.Next(Zero, 1, 1, "ga", "px"u8));

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] other = [.. bytes];
        other[bit / 8] ^= (byte)(1 << bit % 8);
        return other;
    }
}
