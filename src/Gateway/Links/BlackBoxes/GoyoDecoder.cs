using Gateway.Decoding;
using Gateway.Decoding.Boxes;
using Gateway.Domain.Readings;
using Gateway.Protocols.Goyo;

namespace Gateway.Links.BlackBoxes;

/// <summary>Turns the content of a GOYO frame into samples through the device's profile.</summary>
internal static class GoyoDecoder
{
    /// <param name="into">Begun by the caller; ended here.</param>
    public static DecodeOutcome Decode(DeviceRoute route, in GoyoRecord record, DecodedMessage into, TextTable texts)
    {
        if (route.Profile.Box is not { } mapping) return DecodeOutcome.NoSuchMapping;
        foreach (var field in mapping.Fields)
        {
            if (field.IsText) Text(field, record, into, texts);
            else if (NumberOf(mapping, field, record) is { } value) into.Add(field.Slot, value);
        }
        for (int word = 0; word < mapping.Words.Length; word++) Word(mapping, word, record, into);
        into.End();
        return into.SampleCount > 0 ? DecodeOutcome.Decoded : DecodeOutcome.NoKnownField;
    }

    private static void Text(BoxField field, in GoyoRecord record, DecodedMessage into, TextTable texts)
    {
        if (field.Item == (byte)GoyoItem.Operator && record.SaysOperator) into.AddText(field.Slot, LastOf(record.Operator, field.Last), texts);
    }

    /// <summary>An ID card number must not travel whole.</summary>
    internal static ReadOnlySpan<byte> LastOf(ReadOnlySpan<byte> ascii, int characters) => characters > 0 && ascii.Length > characters ? ascii[^characters..] : ascii;

    private static double? NumberOf(BoxMapping mapping, BoxField field, in GoyoRecord record)
    {
        switch (field.Item)
        {
            case BoxItems.Moment:
                return Moment(mapping, record);
            case BoxItems.MomentPct:
                return Factor(mapping, GoyoItem.SafeMoment, record) is { } safe and not 0 && Moment(mapping, record) is { } moment ? Math.Round(moment / safe * 100, 2) : null;
            case BoxItems.Tilt:
                if (!record.TryGet(GoyoItem.TiltX, out double x) || !record.TryGet(GoyoItem.TiltY, out double y)) return null;
                return field.Of(Math.Abs(x) >= Math.Abs(y) ? x : y);
            case BoxItems.WindMin:
                return record.TryGet(GoyoItem.WindLevel, out double level) && Beaufort.LowerBoundMps(level) is var mps && !double.IsNaN(mps) ? mps : null;
            default:
                return record.TryGet((GoyoItem)field.Item, out double raw) ? field.Of(raw) : null;
        }
    }

    /// <summary>To a ten-thousandth of a t·m: what binary fractions add must not travel.</summary>
    private static double? Moment(BoxMapping mapping, in GoyoRecord record) =>
        Factor(mapping, GoyoItem.Load, record) is { } load && Factor(mapping, GoyoItem.Radius, record) is { } radius ? Math.Round(load * radius, 4) : null;

    private static double? Factor(BoxMapping mapping, GoyoItem item, in GoyoRecord record)
    {
        foreach (var field in mapping.Fields)
            if (field.Item == (byte)item) return record.TryGet(item, out double raw) ? field.Of(raw) : null;
        return null;
    }

    /// <summary>Every frame has the whole word: nothing of an earlier one stands on.</summary>
    private static void Word(BoxMapping mapping, int word, in GoyoRecord record, DecodedMessage into)
    {
        bool spoken = false;
        long raised = 0;
        foreach (var bits in mapping.Bits)
        {
            if (bits.Word != word || !record.TryGet((GoyoItem)bits.Item, out double vendor)) continue;
            (spoken, raised) = (true, raised | bits.Of((ulong)vendor));
        }
        if (spoken) into.Add(mapping.Words[word].Slot, raised);
    }
}
