using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

internal sealed class RangeWatch(RangeCheck check, FieldSpec field) : CheckWatch(check, check.Times)
{
    protected override CheckVerdict Look(in LiveMessage message)
    {
        if (!message.Carries(check.Slot)) return CheckVerdict.None;
        if (message.QualityOf(check.Slot) == SampleQuality.Good) return CheckVerdict.Good;
        if (message.QualityOf(check.Slot) != SampleQuality.OutOfRange) return CheckVerdict.None;
        Seen = message.ValueOf(check.Slot);
        (Slot, Limit) = (check.Slot, Seen < field.Min ? field.Min : field.Max);
        return CheckVerdict.Bad;
    }
}
