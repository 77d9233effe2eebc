using Gateway.Decoding;
using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>Turns the items of one frame into samples through the device's profile.</summary>
/// <remarks>
/// Flags N and T are believed: T is a value at the end of its range, and that is what the instrument saw. All others are shown and not stored: S was typed in, M and C were measured
/// on a test gas or on nothing, D and F by a broken or stopped instrument, B by none.
/// </remarks>
internal static class Hj212Decoder
{
    /// <param name="average">True for minute, hour and day frames: their <c>Avg</c> is read, not <c>Rtd</c>.</param>
    public static DecodeOutcome Decode(DeviceRoute route, ReadOnlySpan<byte> cp, bool average, DecodedMessage into, out Hj212Tally tally)
    {
        tally = default;
        if (route.Profile.Hj212 is not { } mapping) return DecodeOutcome.NoSuchMapping;
        foreach (var item in new Hj212ItemReader(cp))
        {
            if (item.TryGetStatus(out var status, out byte state) && !average && item.Suffix is Hj212Suffix.None or Hj212Suffix.Rtd or Hj212Suffix.Other) tally.Status(status, state);
            else if (average ? item.Suffix is not (Hj212Suffix.Avg or Hj212Suffix.Data) : item.Suffix != Hj212Suffix.Rtd) continue;
            if (Find(mapping, item) is not { } field || !item.TryGetNumber(out double value)) continue;
            tally.Value(item.Flag);
            into.Add(field.Slot, value * field.Scale + field.Offset, item.Flag is Hj212DataFlag.None or Hj212DataFlag.N or Hj212DataFlag.T);
        }
        into.End();
        return tally.SaysAnything ? DecodeOutcome.Decoded : DecodeOutcome.NoKnownField;
    }

    private static Hj212Field? Find(Hj212Mapping mapping, in Hj212Item item)
    {
        foreach (var field in mapping.Fields)
            if (item.Is(field.Factor)) return field;
        return null;
    }
}
