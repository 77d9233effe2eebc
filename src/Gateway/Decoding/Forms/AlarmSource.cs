namespace Gateway.Decoding.Forms;

/// <summary>A field that is put together from what a device says of its alarms.</summary>
/// <param name="CodeMasks">Our bit, as a mask, of each code that comes and goes by itself; empty where no source of the field is <see cref="AlarmSource.Paired"/>.</param>
public sealed record AlarmWord(ushort Slot, long[] CodeMasks);

/// <summary>One member that names alarms in the vendor's numbers, and what they are in ours (<see cref="Domain.Readings.AlarmBits"/>).</summary>
/// <param name="Word">Place of the field it speaks for in <see cref="JsonForm.Words"/>.</param>
/// <param name="Mask">All bits it can speak of: what it does not raise it denies.</param>
public sealed record AlarmSource(int Word, long Mask)
{
    /// <summary>Codes that a profile may list for one member.</summary>
    public const int CodesMax = 63;

    /// <summary>Our bit, as a mask, of each of the vendor's bits; 0 where that bit is not judged. Null for a source of codes.</summary>
    public long[]? Bits { get; init; }

    public BitForm Form { get; init; }

    /// <summary>Place of each code in <see cref="CodeMasks"/>; null for a source of bits.</summary>
    public TextMap<int>? Codes { get; init; }

    /// <summary>Our bit, as a mask, of each code; 0 for a code that says "no alarm". The last stands for every code that is not listed.</summary>
    public long[] CodeMasks { get; init; } = [];

    /// <summary>A code speaks of itself alone, and another member says whether it has come or gone.</summary>
    public bool Paired { get; init; }
}
