using System.Buffers.Text;

namespace Gateway.Protocols.Hj212;

/// <summary>The fields of one data segment; everything is optional, as it is in the field.</summary>
/// <remarks>
/// <b>shape</b> the spans point into the bytes given to <see cref="Parse"/> and live as long as those; spaces around values are cut.
/// Also the form in which <see cref="Hj212Writer"/> takes a frame. <b>errors</b> <see cref="Problems"/>. <b>source</b> HJ 212-2017
/// table 3.
/// </remarks>
public ref struct Hj212Segment
{
    /// <summary>
    /// Request number: by the standard 17 digits, local time to the millisecond; may be shorter, longer or end in letters.
    /// </summary>
    public ReadOnlySpan<byte> Qn { readonly get; set; }

    /// <summary>System type: 39 construction dust, 22 ambient air, 23 noise, 91 replies; private codes such as <c>A1</c> exist.</summary>
    public ReadOnlySpan<byte> St { readonly get; set; }

    public Hj212Command Cn { readonly get; set; }

    /// <summary>Password of the device, at most 6 characters by the standard.</summary>
    public ReadOnlySpan<byte> Pw { readonly get; set; }

    /// <summary>Device number: 24 characters by the standard; may be shorter or empty.</summary>
    public ReadOnlySpan<byte> Mn { readonly get; set; }

    /// <summary>0..255: bit 0 ack wanted, bit 1 split, the rest the edition; null when missing or not a number.</summary>
    public int? Flag { readonly get; set; }

    /// <summary>Number of packets of a split message.</summary>
    public int? Pnum { readonly get; set; }

    /// <summary>Which packet this is, from 1.</summary>
    public int? Pno { readonly get; set; }

    /// <summary>The data area without its <c>&amp;&amp;</c>; read it with <see cref="Hj212ItemReader"/>.</summary>
    public ReadOnlySpan<byte> Cp { readonly get; set; }

    /// <summary>Which keys the segment had, empty ones included.</summary>
    public Hj212Keys Present { readonly get; set; }

    public Hj212Problem Problems { readonly get; set; }

    /// <summary>True when the sender repeats the message until it is acknowledged (Flag bit 0, A).</summary>
    public readonly bool WantsAck => (Flag & 1) == 1;

    /// <summary>True when the message is one of several packets (Flag bit 1, D).</summary>
    public readonly bool IsSplit => (Flag & 2) == 2;

    /// <summary>The edition the sender follows; 2005 when there is no Flag.</summary>
    public readonly Hj212Version Version => (Hj212Version)((Flag ?? 0) >> 2);

    public readonly bool Has(Hj212Keys key) => (Present & key) == key;

    /// <summary>The <c>DataTime</c> of the data area.</summary>
    public readonly Hj212TimeVerdict ReadDataTime(out Hj212Time time)
    {
        foreach (var item in new Hj212ItemReader(Cp))
        {
            if (item.Suffix == Hj212Suffix.None && item.Is("DataTime"u8))
                return Hj212Time.Parse(item.Value, out time);
        }
        time = default;
        return Hj212TimeVerdict.Missing;
    }

    /// <summary>The value of a plain item of the data area such as <c>QnRtn</c>; empty when there is none.</summary>
    public readonly ReadOnlySpan<byte> ItemValue(ReadOnlySpan<byte> name)
    {
        foreach (var item in new Hj212ItemReader(Cp))
        {
            if (item.Suffix == Hj212Suffix.None && item.Is(name))
                return item.Value;
        }
        return default;
    }

    /// <summary>A plain item of the data area as a whole number.</summary>
    /// <returns>False when it is missing or anything but digits.</returns>
    public readonly bool TryGetNumber(ReadOnlySpan<byte> name, out int number)
    {
        var value = ItemValue(name);
        return Utf8Parser.TryParse(value, out number, out var used) && used == value.Length;
    }

    /// <summary>Reads a data segment as <see cref="Hj212Frame.Data"/> delivers it; never fails, see <see cref="Problems"/>.</summary>
    public static Hj212Segment Parse(ReadOnlySpan<byte> data) => Hj212SegmentParser.Parse(data);
}
