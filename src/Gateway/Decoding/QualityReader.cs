using Gateway.Domain.Configuration;

namespace Gateway.Decoding;

/// <summary>Reads <c>quality</c> of a profile: how long the slots are that its data are counted in.</summary>
internal static class QualityReader
{
    private const int SlotSecondsDefault = 600;

    // A day has at most 1 500 bits of each kind.
    private const int SlotSecondsMin = 60;

    private const int SlotSecondsMax = 86_400;

    public static int Read(JsonObjectReader root)
    {
        if (root.ObjectOrNull("quality") is not { } quality) return SlotSecondsDefault;
        int seconds = quality.IntegerOrNull("slotSeconds", SlotSecondsMin, SlotSecondsMax) ?? SlotSecondsDefault;
        quality.Done();
        return seconds;
    }
}
