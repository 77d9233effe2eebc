using System.Text;

namespace Gateway.Protocols.Hj212;

/// <summary>The suffixes as the standard spells them, found in any case.</summary>
internal static class Hj212SuffixNames
{
    internal static Hj212Suffix Find(ReadOnlySpan<byte> text) =>
        text.IsEmpty ? Hj212Suffix.None
        : Ascii.EqualsIgnoreCase(text, "Rtd"u8) ? Hj212Suffix.Rtd
        : Ascii.EqualsIgnoreCase(text, "Flag"u8) ? Hj212Suffix.Flag
        : Ascii.EqualsIgnoreCase(text, "Avg"u8) ? Hj212Suffix.Avg
        : Ascii.EqualsIgnoreCase(text, "Min"u8) ? Hj212Suffix.Min
        : Ascii.EqualsIgnoreCase(text, "Max"u8) ? Hj212Suffix.Max
        : Ascii.EqualsIgnoreCase(text, "Cou"u8) ? Hj212Suffix.Cou
        : Ascii.EqualsIgnoreCase(text, "Data"u8) ? Hj212Suffix.Data
        : Ascii.EqualsIgnoreCase(text, "DayData"u8) ? Hj212Suffix.DayData
        : Ascii.EqualsIgnoreCase(text, "NightData"u8) ? Hj212Suffix.NightData
        : Ascii.EqualsIgnoreCase(text, "SampleTime"u8) ? Hj212Suffix.SampleTime
        : Hj212Suffix.Other;
}
