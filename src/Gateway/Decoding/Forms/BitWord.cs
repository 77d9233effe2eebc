using System.Buffers.Text;

namespace Gateway.Decoding.Forms;

/// <summary>Reads a word of up to 64 bits in the forms vendors write it.</summary>
public static class BitWord
{
    /// <summary>The forms as profiles name them.</summary>
    public static IReadOnlyDictionary<string, BitForm> Forms { get; } = new Dictionary<string, BitForm>(StringComparer.Ordinal) { ["integer"] = BitForm.Integer, ["bit-string"] = BitForm.BitString };

    public static bool TryRead(BitForm form, ReadOnlySpan<byte> text, out ulong word)
    {
        if (form == BitForm.Integer) return Utf8Parser.TryParse(text, out word, out int used) && used == text.Length;
        word = 0;
        if (text.Length is 0 or > 64) return false;
        foreach (byte digit in text)
        {
            if (digit is not ((byte)'0' or (byte)'1')) return false;
            word = word << 1 | (uint)(digit - '0');
        }
        return true;
    }
}
