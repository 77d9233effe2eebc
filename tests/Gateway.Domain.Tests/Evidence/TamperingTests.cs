using System.Text;
using Gateway.Domain.Evidence;
using Xunit;
using static Gateway.Domain.Tests.Evidence.ChainBuilder;

namespace Gateway.Domain.Tests.Evidence;

/// <summary>Any one tampering is found, but for those of which the report says that it cannot know them: recomputing or cutting behind the newest outside checkpoint.</summary>
public sealed class TamperingTests
{
    private const int Rows = 40;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 400)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_tampering_without_recomputing_is_found_without_anything_outside(int seed)
    {
        var random = new Random(seed);
        var chain = Chain(Rows, checkpointEvery: 9);
        string did = Tamper(chain, random);
        Assert.True(Walk(chain).Verdict == ChainVerdict.Broken, $"seed {seed}: {did}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_tampering_with_everything_behind_it_recomputed_is_found_by_one_checkpoint_outside(int seed)
    {
        var random = new Random(seed);
        var chain = Chain(Rows, checkpointEvery: 1_000);
        var outside = At(chain, Rows - 1);
        string did = Tamper(chain, random);
        for (int i = 0; i < chain.Count; i++) chain[i] = chain[i] with { Seq = i + 1 };
        Recompute(chain, 0);
        Assert.True(Walk(chain, outside).Verdict == ChainVerdict.Broken, $"seed {seed}: {did}");
        // The forger's best: nothing outside, nothing to be seen.
        if (chain[0].Kind == "boot" && chain[0].Body.Contains(GatewayId, StringComparison.Ordinal)) Assert.DoesNotContain(Walk(chain).Findings, f => f.Fault is ChainFault.Altered or ChainFault.Gap or ChainFault.HashAltered);
    }

    [Fact]
    public void A_cut_tail_is_found_wherever_it_is_cut()
    {
        for (int keep = 0; keep < Rows; keep++)
        {
            var chain = Chain(Rows);
            var outside = At(chain, Rows - 1);
            Assert.Equal(ChainFault.CutTail, Assert.Single(Walk(chain.Take(keep), outside).Findings).Fault);
        }
    }

    [Fact]
    public void A_tail_cut_and_continued_is_found_where_an_outside_checkpoint_knew_it()
    {
        for (int keep = 1; keep < Rows; keep++)
        {
            var chain = Chain(Rows);
            var outside = At(chain, Rows - 1);
            chain.RemoveRange(keep, Rows - keep);
            while (chain.Count < Rows + 5) Append(chain, "alarm", """{"id":"other"}""");
            Assert.Contains(Walk(chain, outside).Findings, f => f.Fault == ChainFault.Rewritten && f.To == Rows);
        }
    }

    private static string Tamper(List<Row> chain, Random random)
    {
        int at = random.Next(chain.Count - 1), other = random.Next(chain.Count - 1);
        var row = chain[at];
        switch (random.Next(8))
        {
            case 0:
                chain[at] = row with { AtMs = row.AtMs ^ 1L << random.Next(42) };
                return $"time of {at}";
            case 1:
                chain[at] = row with { Body = Changed(row.Body, random) };
                return $"body of {at}";
            case 2:
                chain[at] = row with { Kind = Changed(row.Kind, random) };
                return $"kind of {at}";
            case 3:
                byte[] hash = [.. row.Hash];
                hash[random.Next(hash.Length)] ^= (byte)(1 << random.Next(8));
                // A hash alone is recomputed away; then the body goes with it.
                chain[at] = row with { Hash = hash, Body = row.Body + " " };
                return $"hash and body of {at}";
            case 4:
                int count = random.Next(1, chain.Count - at);
                chain.RemoveRange(at, count);
                return $"{count} rows from {at} deleted";
            case 5:
                if (at == other) other = at + 1;
                (chain[at], chain[other]) = (chain[other] with { Seq = chain[at].Seq }, chain[at] with { Seq = chain[other].Seq });
                return $"{at} and {other} swapped";
            case 6:
                chain.Insert(at, row with { Body = """{"id":"new"}""", Kind = "alarm" });
                for (int i = at; i < chain.Count; i++) chain[i] = chain[i] with { Seq = i + 1 };
                return $"a row inserted at {at}";
            default:
                // Content and hash fit each other, the rows behind stay.
                chain[at] = row with { Body = Changed(row.Body, random) };
                chain[at] = chain[at] with { Hash = EvidenceChain.Next(at == 0 ? new byte[32] : chain[at - 1].Hash, row.Seq, row.AtMs, row.Kind, Encoding.UTF8.GetBytes(chain[at].Body)) };
                return $"body of {at} and its hash recomputed";
        }
    }

    private static string Changed(string text, Random random)
    {
        int at = random.Next(text.Length);
        return $"{text[..at]}{(text[at] == 'x' ? 'y' : 'x')}{text[(at + 1)..]}";
    }
}
