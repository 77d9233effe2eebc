using System.Buffers.Text;
using System.Text;

namespace Gateway.Protocols.Hj212;

/// <summary>One <c>code-suffix=value</c> of the data area, with the data flag of its factor.</summary>
/// <remarks><b>shape</b> the spans point into the data area. <b>source</b> HJ 212-2017, structure of the data area.</remarks>
public readonly ref struct Hj212Item
{
    /// <summary>Number of the item from 0; the values of one item, joined by <c>,</c>, share it.</summary>
    public int Group { get; init; }

    /// <summary>
    /// Factor code such as <c>a34004</c> or <c>LA</c>, or the whole name when there is no suffix; as the device spells it.
    /// </summary>
    public ReadOnlySpan<byte> Code { get; init; }

    public Hj212Suffix Suffix { get; init; }

    /// <summary>The suffix as the device spells it, without <c>-</c>.</summary>
    public ReadOnlySpan<byte> SuffixText { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>False for text without <c>=</c>, which stands in <see cref="Code"/>.</summary>
    public bool HasValue { get; init; }

    /// <summary>The flag that stands beside this value under the same code; <see cref="Hj212DataFlag.None"/> when there is none.</summary>
    public Hj212DataFlag Flag { get; init; }

    /// <summary>True when the code is <paramref name="code"/>, upper and lower case alike.</summary>
    public bool Is(ReadOnlySpan<byte> code) => Ascii.EqualsIgnoreCase(Code, code);

    /// <summary>The value as a finite number, in the unit the device uses.</summary>
    /// <returns>False when any character is left over: empty, <c>-</c>, <c>NaN</c>, a unit behind the number.</returns>
    public bool TryGetNumber(out double number) =>
        Utf8Parser.TryParse(Value, out number, out var used) && used == Value.Length && double.IsFinite(number);

    /// <summary>Reads a status item such as <c>i22001-Info=0</c>.</summary>
    /// <returns>False when the code is not <c>i</c> and five digits, or the value is not a number from 0 to 255.</returns>
    public bool TryGetStatus(out Hj212Status status, out byte state)
    {
        status = default;
        state = 0;
        if (Code.Length != 6 || (Code[0] | 0x20) != 'i' || !Utf8Parser.TryParse(Code[1..], out ushort number, out var used) || used != 5)
            return false;
        status = (Hj212Status)number;
        return Utf8Parser.TryParse(Value, out state, out used) && used == Value.Length;
    }
}
