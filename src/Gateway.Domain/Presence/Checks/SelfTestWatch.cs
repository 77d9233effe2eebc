using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

internal sealed class SelfTestWatch(SelfTestCheck check) : CheckWatch(check, check.Times)
{
    protected override CheckVerdict Look(in LiveMessage message)
    {
        if (!message.Good(check.Slot, out double value)) return CheckVerdict.None;
        bool broken = check.Bit is { } bit ? ((long)value >> bit & 1) == 1 : check.EqualTo is { } word ? value == word : value > check.Above;
        if (!broken) return CheckVerdict.Good;
        (Slot, Seen, Limit) = (check.Slot, value, check.Bit ?? check.EqualTo ?? check.Above ?? 0);
        return CheckVerdict.Bad;
    }
}
