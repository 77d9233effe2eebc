using Gateway.Domain.Configuration;

namespace Gateway.Domain.Compliance;

/// <summary>What was wrong with the rows the accounts were made from.</summary>
public enum AccountFault : byte
{
    /// <summary>Two intervals claim the same time; the row written first is believed.</summary>
    Overlap,

    /// <summary>An interval that does not end behind its beginning; it counts nothing.</summary>
    Empty,

    /// <summary>Two different intervals under one number; the one that begins first is believed.</summary>
    SameNumber,
}

/// <param name="Seq">The row that is believed; of <see cref="AccountFault.Empty"/> the row itself.</param>
/// <param name="OtherSeq">The row that is not; 0: the open interval, or no other.</param>
public sealed record AccountFinding(AccountFault Fault, string Device, long Seq, long OtherSeq, long FromMs, long ToMs)
{
    public LocalText Text => Fault switch
    {
        AccountFault.Overlap => new($"{Device}：第 {Seq} 行与{OtherZh}重叠 {ToMs - FromMs} 毫秒，以第 {Seq} 行为准", $"{Device}: row {Seq} and {OtherEn} overlap by {ToMs - FromMs} ms; row {Seq} counts"),
        AccountFault.Empty => new($"{Device}：第 {Seq} 行的时段为空，不计", $"{Device}: the interval of row {Seq} is empty and counts nothing"),
        _ => new($"{Device}：第 {Seq} 行有两种内容，以较早开始者为准", $"{Device}: row {Seq} was given with two contents; the one that begins first counts"),
    };

    private string OtherZh => OtherSeq == 0 ? "未结束的时段" : $"第 {OtherSeq} 行";

    private string OtherEn => OtherSeq == 0 ? "the open interval" : $"row {OtherSeq}";
}
