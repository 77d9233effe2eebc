namespace FirmwareSim.Wire.Boxes;

/// <summary>Cuts what the other side says into frames of any of the three kinds; what is none is skipped.</summary>
internal sealed class FrameCutter
{
    private const int BytesMax = 4096;

    private readonly List<byte> _bytes = [];

    public IReadOnlyList<byte[]> Feed(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        var frames = new List<byte[]>();
        while (_bytes.Count > 0)
        {
            int length = LengthOf();
            if (length == 0 && _bytes.Count < BytesMax) break;
            if (length > 0) frames.Add([.. _bytes.Take(length)]);
            _bytes.RemoveRange(0, Math.Max(1, length));
        }
        return frames;
    }

    /// <summary>Length of the frame that stands first; 0 = more is needed, −1 = none stands there.</summary>
    private int LengthOf()
    {
        int whole = (_bytes[0], _bytes.Count) switch
        {
            (0xA5, < 8) or (0x7E, < 6) or (0x68, < 3) => 0,
            (0xA5, _) when _bytes[1] == 0x5A => 12 + _bytes[6] + (_bytes[7] << 8),
            (0x7E, _) when _bytes[1] == 0x7E => 8 + _bytes[4],
            (0x68, _) when _bytes[2] == 0x68 => 5 + _bytes[1],
            _ => -1,
        };
        return whole > _bytes.Count ? 0 : whole;
    }
}
