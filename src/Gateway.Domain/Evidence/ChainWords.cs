using Gateway.Domain.Configuration;

namespace Gateway.Domain.Evidence;

/// <summary>What findings say to a person, in both languages.</summary>
internal static class ChainWords
{
    public static LocalText Gap(long from, long to, bool chainedOver, bool declared)
    {
        var (zh, en) = chainedOver ? ("；其后的行已越过缺口重新连接", "; what follows was chained on across the hole") : ("；缺口之后的行只能自身相互印证，与之前的行没有联系", "; what follows fits in itself, but is not tied to what is before the hole");
        return declared
            ? new($"{Rows(from, to).Zh}缺失；链中的 damage 记录已声明此损失{zh}", $"{Rows(from, to).En} missing; a damage row of the chain declares the loss{en}")
            : new($"{Rows(from, to).Zh}缺失，链中没有说明{zh}", $"{Rows(from, to).En} missing, and nothing in the chain says why{en}");
    }

    /// <param name="pin">Row of an outside checkpoint that proves every stored hash from the last of these rows on; 0 = none.</param>
    /// <param name="pinnedBefore">One agrees with the row right before, too.</param>
    public static LocalText Altered(long from, long to, long last, long pin, bool pinnedBefore)
    {
        var rows = Rows(from, to);
        if (pin > 0 && pinnedBefore) return new($"{rows.Zh}的内容（时间、类型或正文）被改动：前后两个外部检查点证明相邻的哈希是原来的", $"{rows.En}: time, kind or body were altered; outside checkpoints before and behind prove that the hashes around are the originals");
        if (pin > 0) return new($"{rows.Zh}与哈希不符：其内容（时间、类型或正文）或者之前一行被改动；第 {pin} 行的外部检查点证明其后的哈希是原来的", $"{rows.En} does not fit the hash: time, kind or body, or the row right before, were altered; the outside checkpoint of row {pin} proves that every hash from there on is the original");
        return last > to
            ? new($"{rows.Zh}与哈希不符：其时间、类型或正文被改动，或者之前的一行被替换；其后 {last - to} 行由此继续", $"{rows.En} does not fit the hash: time, kind or body were altered, or the row before was replaced; the {last - to} rows behind go on from there")
            : new($"{rows.Zh}与哈希不符，且位于链尾：改动的是内容还是哈希无从判断", $"{rows.En} does not fit the hash, at the end of the chain: whether content or hash were altered cannot be told");
    }

    public static LocalText HashAltered(long seq) =>
        new($"第 {seq} 行的哈希被改动；下一行证明其内容没有变", $"row {seq}: its stored hash was altered; the row behind proves that its content was not");

    public static LocalText Rewritten(long from, Checkpoint outside, bool declared) => declared
        ? new($"第 {outside.Seq} 行与外部检查点不同；damage 记录已声明此前的行丢失、编号重新使用", $"row {outside.Seq} differs from an outside checkpoint; a damage row declares that the rows before were lost and their numbers used again")
        : new($"历史被改写：第 {outside.Seq} 行的哈希与外部检查点（{Time(outside.AtMs)} 保存）不同，第 {from} 至 {outside.Seq} 行之间有内容被替换", $"rewritten history: the hash of row {outside.Seq} differs from the outside checkpoint taken {Time(outside.AtMs)}; something from row {from} to {outside.Seq} was replaced");

    public static LocalText CutTail(long last, Checkpoint outside, bool declared) => declared
        ? new($"外部检查点知道第 {outside.Seq} 行，链止于第 {last} 行；damage 记录已声明此损失", $"an outside checkpoint knows row {outside.Seq}, the chain ends at row {last}; a damage row declares the loss")
        : new($"链尾被截断：外部检查点（{Time(outside.AtMs)} 保存）证明第 {outside.Seq} 行曾经存在，链止于第 {last} 行，至少缺 {outside.Seq - last} 行", $"cut tail: the outside checkpoint taken {Time(outside.AtMs)} proves that row {outside.Seq} existed, the chain ends at row {last}; at least {outside.Seq - last} rows are gone");

    public static LocalText Foreign(long seq, string? gateway) => gateway is null
        ? new($"第 {seq} 行没有写明网关", $"row {seq} does not name its gateway")
        : new($"第 {seq} 行属于另一网关（{gateway}）：这不是本网关的链", $"row {seq} belongs to another gateway ({gateway}): this is not our chain");

    public static LocalText Contradiction(long seq) =>
        new($"第 {seq} 行的检查点与之前的行不符（行号、哈希或行数）", $"row {seq}: this checkpoint contradicts the rows before it (number, hash or count)");

    public static LocalText Order(long first, long rows) =>
        new($"{rows} 行的时间早于前一行（首见第 {first} 行）：时钟被拨回，或另一进程同时写入；这不是错误", $"{rows} row(s) are older than the one before (first at row {first}): the clock was set back, or another process wrote; no fault");

    private static LocalText Rows(long from, long to) => from == to ? new($"第 {from} 行", $"row {from}") : new($"第 {from} 至 {to} 行（{to - from + 1} 行）", $"rows {from} to {to} ({to - from + 1})");

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
