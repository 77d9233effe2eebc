using Gateway.Domain.Readings;

namespace Gateway.Decoding.Forms;

/// <summary>A vendor's JSON where it is more than members with numbers: what each of its members is used for. A profile that needs none of this has no form and is read the short way.</summary>
/// <remarks>Arrays, not lists behind an interface: going through one of those costs an object for each message.</remarks>
/// <param name="Members">In the order in which the device usually sends them.</param>
/// <param name="Arrays">Arrays that are looked into; any other is skipped.</param>
/// <param name="Words">The fields that are put together from alarms (<c>alarm_bits</c>, <c>warn_bits</c>).</param>
/// <param name="Largest">Slots of the fields that take the largest of several members.</param>
/// <param name="TimeUnitMs">Device time is a count since 1970 of 1 or 1 000 ms; 0 for a text that is read in the site's time zone.</param>
/// <param name="QuotedNumbers">Numbers may also come as texts.</param>
public sealed record JsonForm(
    JsonMember[] Members,
    JsonArray[] Arrays,
    AlarmWord[] Words,
    ushort[] Largest,
    int TimeUnitMs,
    bool QuotedNumbers);

/// <param name="Path">Member name in UTF-8, nested members joined with dots, elements of arrays as <c>[]</c> or <c>[0]</c>.</param>
public sealed record JsonMember(byte[] Path, MemberUse[] Uses);

/// <param name="Each">All its elements mean the same (<c>[]</c>); else each has a place of its own (<c>[0]</c>, <c>[1]</c>, …).</param>
/// <param name="Listed">Alarm sources that an empty array answers with "none".</param>
public sealed record JsonArray(byte[] Path, bool Each, AlarmSource[] Listed);

/// <summary>One thing that a member's value is used for; a member may have several uses.</summary>
public abstract record MemberUse;

/// <summary>The value becomes a field.</summary>
public sealed record FieldUse(ushort Slot, FieldType Type, double Scale, double Offset) : MemberUse
{
    /// <summary>What its texts stand for (<c>Y</c> = 1); null where the value is the number itself.</summary>
    public TextMap<double>? Values { get; init; }

    /// <summary>Texts that say "there is none": 255 for nobody, 65535 for no sensor.</summary>
    public TextMap<bool>? Nothing { get; init; }

    /// <summary>The value is a word of bits in this form; null where it is not.</summary>
    public BitForm? Word { get; init; }

    /// <summary>One bit of that word, or −1 for the whole of it.</summary>
    public int Bit { get; init; } = -1;

    /// <summary>Only the last characters of a text are kept; 0 = all of it.</summary>
    public int Last { get; init; }

    /// <summary>Place in <see cref="JsonForm.Largest"/>, or −1.</summary>
    public int Largest { get; init; } = -1;
}

/// <summary>The value is device time, or the day of it.</summary>
public sealed record TimeUse(bool IsDate) : MemberUse;

/// <summary>The value names alarms.</summary>
public sealed record AlarmUse(AlarmSource Source) : MemberUse;

/// <summary>The value says whether the alarm that another member names was raised or is over.</summary>
public sealed record ActionUse(TextMap<bool> Raised) : MemberUse;

/// <summary>How a word of bits is written: as a whole number, or as 0s and 1s of which the right-most is bit 0.</summary>
public enum BitForm : byte { Integer, BitString }
