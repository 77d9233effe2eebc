using Gateway.Decoding;
using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>Turns the items of one data frame into samples through the device's profile. Flags N and T are believed; B on every factor means that the instruments are cut off.</summary>
internal static class Hj212Decoder
{
    /// <param name="average">True for minute, hour and day frames: their <c>Avg</c> is read, not <c>Rtd</c>.</param>
    /// <param name="allBroken">Every known factor carries flag B.</param>
    public static DecodeOutcome Decode(DeviceRoute route, ReadOnlySpan<byte> cp, bool average, DecodedMessage into, out bool allBroken)
    {
        allBroken = false;
        if (route.Profile.Hj212 is not { } mapping) return DecodeOutcome.NoSuchMapping;
        int known = 0, broken = 0;
        foreach (var item in new Hj212ItemReader(cp))
        {
            bool wanted = average ? item.Suffix is Hj212Suffix.Avg or Hj212Suffix.Data : item.Suffix == Hj212Suffix.Rtd;
            if (!wanted || Find(mapping, item) is not { } field || !item.TryGetNumber(out double value)) continue;
            known++;
            if (item.Flag == Hj212DataFlag.B) broken++;
            bool believed = item.Flag is Hj212DataFlag.None or Hj212DataFlag.N or Hj212DataFlag.T;
            into.Add(field.Slot, value * field.Scale + field.Offset, believed);
        }
        into.End();
        allBroken = known > 0 && broken == known;
        return known == 0 ? DecodeOutcome.NoKnownField : DecodeOutcome.Decoded;
    }

    private static Hj212Field? Find(Hj212Mapping mapping, in Hj212Item item)
    {
        foreach (var field in mapping.Fields)
            if (item.Is(field.Factor)) return field;
        return null;
    }
}
