using System.Text.Json.Serialization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;
using Gateway.Engine.Views;

namespace Gateway.Evidence;

/// <summary>What <c>gateway verify</c> says, for programs; the text form says the same.</summary>
/// <param name="LeftOut">Findings beyond the first thousand.</param>
/// <param name="CannotKnow">What no walk over this file can tell, whatever it found.</param>
public sealed record VerifyReport(
    ChainVerdict Verdict,
    string Gateway,
    string Store,
    long Rows,
    long LastSeq,
    DateTimeOffset LastAt,
    string LastHash,
    int CheckpointsInside,
    int CheckpointsOutside,
    int CheckpointsAgreeing,
    int CheckpointsOfOthers,
    long PinnedSeq,
    IReadOnlyList<FindingView> Findings,
    long LeftOut,
    IReadOnlyList<LocalText> CannotKnow)
{
    public static VerifyReport Of(ChainReport chain, string gateway, string store, int others) => new(chain.Verdict, gateway, store, chain.Rows, chain.LastSeq,
        DateTimeOffset.FromUnixTimeMilliseconds(chain.LastAtMs), chain.LastHash, chain.Inside.Count, chain.Outside, chain.Matched, others, chain.PinnedSeq,
        [.. chain.Findings.Select(f => new FindingView(f.Fault, f.From, f.To, f.Declared, f.IsNote, f.Text))], chain.LeftOut, CannotKnowOf(chain));

    private static List<LocalText> CannotKnowOf(ChainReport chain)
    {
        var list = new List<LocalText>();
        if (chain.Outside == 0)
            list.Add(new("没有与外部检查点比对：如果有人重算了整条链，或者截断之后继续写入，仅凭本文件无法发现。请用 --against 提供保存在别处的检查点。",
                "Nothing outside was compared: a chain that somebody recomputed as a whole, or cut and continued, looks whole in this file alone. Give checkpoints kept elsewhere with --against."));
        else if (chain.PinnedSeq < chain.LastSeq)
            list.Add(new($"第 {chain.PinnedSeq + 1} 至 {chain.LastSeq} 行在最新的一致检查点之后，尚无外部证据：这一段被重算或截断后继续写入，无法发现。",
                $"Rows {chain.PinnedSeq + 1} to {chain.LastSeq} lie behind the newest checkpoint that agrees: were they recomputed, or cut and continued, nothing outside would tell."));
        if (chain.Outside > 0)
            list.Add(new("外部检查点本身的可信度取决于它们保存在谁那里。", "Outside checkpoints are worth as much as the place they were kept in."));
        if (!chain.Bound) list.Add(new("链中没有任何一行写明网关：无法判断这是谁的链。", "No row names the gateway: whose chain this is cannot be told."));
        if (chain.Findings.Any(f => f is { Fault: ChainFault.Gap or ChainFault.CutTail })) list.Add(new("缺失的行写的是什么。", "What the missing rows said."));
        list.Add(new("设备报给网关的数据是否属实；写入这些行的程序是否为正版（链中的程序哈希由程序自己计算）。",
            "Whether the devices told the gateway the truth, and whether the program that wrote the rows was the genuine one (the chain holds its hash as the program itself computed it)."));
        return list;
    }
}

/// <param name="Note">Worth saying, no fault.</param>
public sealed record FindingView(ChainFault Fault, long From, long To, bool Declared, bool Note, LocalText Text);

/// <summary>One checkpoint as <c>--export</c> writes it, and as the live bus publishes it.</summary>
public sealed record CheckpointLine(string Gateway, long Seq, string Hash, long Count, long AtMs)
{
    public static CheckpointLine Of(Checkpoint c) => new(c.Gateway, c.Seq, c.Hash, c.Count, c.AtMs);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InstantJson), typeof(CamelEnum<ChainFault>), typeof(CamelEnum<ChainVerdict>)])]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(CheckpointLine))]
public sealed partial class EvidenceJson : JsonSerializerContext;
