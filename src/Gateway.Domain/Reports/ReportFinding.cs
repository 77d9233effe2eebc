using System.Globalization;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Reports;

/// <summary>What is wrong with a report.</summary>
public enum ReportFault : byte
{
    /// <summary>Worth saying, nothing is wrong.</summary>
    Note,

    /// <summary>The file is no report of this form.</summary>
    Form,

    /// <summary>The bytes are not those the hash in the foot was made of.</summary>
    Foot,

    /// <summary>The rows given are not one chain.</summary>
    Chain,

    /// <summary>The rows do not reach the head the report names, or it has another hash.</summary>
    Head,

    /// <summary>A row of presence, lifecycle, work or data cannot be read.</summary>
    Row,

    /// <summary>A figure, interval or statement is not what the rows give.</summary>
    Figure,
}

/// <summary>One thing a person must know.</summary>
/// <param name="Where">Path in the report (<c>devices[crane-1].days[2]</c>), or empty.</param>
public sealed record ReportFinding(ReportFault Fault, string Where, LocalText Text)
{
    internal static ReportFinding Note(string en, string zh) => new(ReportFault.Note, "", new(zh, en));

    internal static ReportFinding Form(string why) => new(ReportFault.Form, "", new($"不是此格式的报告：{why}", $"not a report of this form: {why}"));

    internal static ReportFinding FootDiffers { get; } = new(ReportFault.Foot, "", new("文件末尾的 SHA-256 与内容不符：内容或摘要被改动", "the SHA-256 in the foot does not fit: the content or the hash was altered"));

    internal static ReportFinding Chain(long seq) => new(ReportFault.Chain, "", new($"证据链第 {seq} 行与前一行接不上", $"row {seq} of the chain does not carry on the row before it"));

    internal static ReportFinding Short(long last, long head) => new(ReportFault.Head, "evidence.headSeq", new($"所给的链止于第 {last} 行，报告以第 {head} 行为止", $"the rows given end at {last}; the report rests on rows up to {head}"));

    internal static ReportFinding Head(ReportEvidence evidence) =>
        new(ReportFault.Head, "evidence.headHash", new($"第 {evidence.HeadSeq} 行的哈希与报告所写不同：不是同一条链", $"row {evidence.HeadSeq} has another hash than the report says: not the same chain"));

    internal static ReportFinding Unreadable(ReportRow row) => new(ReportFault.Row, "", new($"第 {row.Seq} 行（{row.Kind}）无法读取", $"row {row.Seq} ({row.Kind}) cannot be read"));

    internal static ReportFinding Differs(string where, string said, string found) => new(ReportFault.Figure, where, new($"{where}：报告为 {Short(said)}，按链重算为 {Short(found)}", $"{where}: the report says {Short(said)}, the rows give {Short(found)}"));

    private static string Short(string value) => value.Length <= 120 ? value : string.Create(CultureInfo.InvariantCulture, $"{value.AsSpan(0, 120)}… ({value.Length})");
}
