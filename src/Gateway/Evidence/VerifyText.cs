using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;

namespace Gateway.Evidence;

/// <summary>The report for a person: Chinese first, English below it.</summary>
public static class VerifyText
{
    public static void Write(TextWriter to, VerifyReport report)
    {
        to.WriteLine($"证据链核验 / Evidence chain  {report.Gateway}  {report.Store}");
        to.WriteLine($"  行数 / rows                      {report.Rows}");
        to.WriteLine($"  末行 / newest row                {report.LastSeq}  {report.LastAt:yyyy-MM-dd HH:mm:ss'Z'}");
        to.WriteLine($"  末行哈希 / its hash              {report.LastHash}");
        to.WriteLine($"  链内检查点 / checkpoints inside  {report.CheckpointsInside}");
        to.WriteLine($"  外部检查点 / outside             {report.CheckpointsOutside}，一致 / agree {report.CheckpointsAgreeing}，至第 / up to row {report.PinnedSeq}");
        if (report.CheckpointsOfOthers > 0) to.WriteLine($"  其他网关的检查点，未使用 / of other gateways, not used  {report.CheckpointsOfOthers}");
        to.WriteLine();
        foreach (var finding in report.Findings) Both(to, $"[{(finding.Note ? "提示 note" : finding.Declared ? "已声明 declared" : "问题 finding")}]", finding.Text);
        if (report.LeftOut > 0) Both(to, "[…]", new LocalText($"另有 {report.LeftOut} 处未列出", $"{report.LeftOut} more are not listed"));
        Both(to, "结论 / Verdict:", VerdictOf(report.Verdict));
        to.WriteLine();
        to.WriteLine("本核验不能证明 / What this cannot know:");
        foreach (var text in report.CannotKnow) Both(to, "  -", text);
    }

    private static LocalText VerdictOf(ChainVerdict verdict) => verdict switch
    {
        ChainVerdict.Whole => new("完整：每一行都在，且与哈希相符", "whole: every row is there and fits its hash"),
        ChainVerdict.Declared => new("有缺失，链本身已声明：其余各行与哈希相符", "rows are missing, and the chain itself declares it; all others fit their hashes"),
        _ => new("有问题：见上", "not whole: see above"),
    };

    private static void Both(TextWriter to, string mark, LocalText text)
    {
        to.WriteLine($"{mark} {text.Zh}");
        to.WriteLine($"{new string(' ', 4)}{text.En}");
    }
}
