using System.Text;
using Gateway.Domain.Evidence;

namespace Gateway.Domain.Tests.Evidence;

/// <summary>A row that can be held and changed.</summary>
internal sealed record Row(long Seq, long AtMs, string Kind, string Body, byte[] Hash)
{
    public string HashText => Convert.ToHexStringLower(Hash);
}

/// <summary>Chains as the gateway writes them, and as somebody who has the file and knows the rule would write them again.</summary>
internal static class ChainBuilder
{
    public const string GatewayId = "gw-1";

    /// <summary>A boot, then alarms, with a checkpoint after every <paramref name="checkpointEvery"/> rows.</summary>
    public static List<Row> Chain(int rows, int checkpointEvery = 10, string gateway = GatewayId)
    {
        var chain = new List<Row>();
        Append(chain, "boot", $$"""{"gateway":"{{gateway}}"}""");
        while (chain.Count < rows)
            if (chain.Count % checkpointEvery == 0) Append(chain, "checkpoint", $$"""{"gateway":"{{gateway}}","seq":{{chain.Count}},"hash":"{{chain[^1].HashText}}","count":{{chain.Count}}}""");
            else Append(chain, "alarm", $$"""{"id":"a{{chain.Count % 7}}","value":{{chain.Count}}}""");
        return chain;
    }

    public static void Append(List<Row> chain, string kind, string body, long? atMs = null, long? seq = null)
    {
        long number = seq ?? (chain.Count == 0 ? 1 : chain[^1].Seq + 1);
        chain.Add(Hashed(chain.Count == 0 ? new byte[32] : chain[^1].Hash, new Row(number, atMs ?? 1_770_000_000_000 + 1_000 * number, kind, body, [])));
    }

    /// <summary>Makes every hash from that place on fit again.</summary>
    public static void Recompute(List<Row> chain, int from)
    {
        for (int i = from; i < chain.Count; i++) chain[i] = Hashed(i == 0 ? new byte[32] : chain[i - 1].Hash, chain[i]);
    }

    public static Checkpoint At(List<Row> chain, int index) => new(GatewayId, chain[index].Seq, chain[index].HashText, chain[index].Seq, chain[index].AtMs);

    public static ChainReport Walk(IEnumerable<Row> chain, params Checkpoint[] outside)
    {
        var walk = new ChainWalk(GatewayId, outside);
        foreach (var row in chain) walk.Take(new ChainRow(row.Seq, row.AtMs, Encoding.UTF8.GetBytes(row.Kind), Encoding.UTF8.GetBytes(row.Body), row.Hash));
        return walk.End();
    }

    private static Row Hashed(byte[] previous, Row row) => row with { Hash = EvidenceChain.Next(previous, row.Seq, row.AtMs, row.Kind, Encoding.UTF8.GetBytes(row.Body)) };
}
