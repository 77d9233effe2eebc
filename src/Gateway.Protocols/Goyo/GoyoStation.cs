namespace Gateway.Protocols.Goyo;

/// <summary>The text by which a device names itself, as the ledger's <c>station</c> writes it.</summary>
/// <remarks><b>shape</b> 02 13 03 and 11: up to eight printable ASCII characters, padding (space, 00, FF) gone. 01: the six digits of three BCD bytes (<c>390607</c>).</remarks>
public static class GoyoStation
{
    public const int CharactersMax = GoyoLimits.StationBytes;

    private const int Bcd01Bytes = 3;

    /// <summary>Reads the station of any frame that carries one.</summary>
    /// <param name="to">At least <see cref="CharactersMax"/> bytes.</param>
    /// <returns>How many ASCII characters it has; 0 when the frame carries none, or something that is no text.</returns>
    public static int Read(in GoyoFrame frame, Span<byte> to)
    {
        if (frame.Version == GoyoVersion.V01) return Read01(frame.Bytes, to);
        int at = frame.Version == GoyoVersion.V11 ? 6 : 8, trailer = frame.Version == GoyoVersion.V11 ? 3 : 4;
        if (frame.Bytes.Length < at + GoyoLimits.StationBytes + trailer) return 0;
        var text = Trim(frame.Bytes.Slice(at, GoyoLimits.StationBytes));
        if (text.ContainsAnyExceptInRange((byte)'!', (byte)'~')) return 0;
        text.CopyTo(to);
        return text.Length;
    }

    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> padded) => padded.Trim([(byte)' ', (byte)0, (byte)0xFF]);

    private static int Read01(ReadOnlySpan<byte> frame, Span<byte> to)
    {
        const int at = 5;
        if (frame.Length < at + Bcd01Bytes + 3) return 0;
        for (int i = 0; i < Bcd01Bytes; i++)
        {
            int high = frame[at + i] >> 4, low = frame[at + i] & 15;
            if (high > 9 || low > 9) return 0;
            (to[2 * i], to[2 * i + 1]) = ((byte)('0' + high), (byte)('0' + low));
        }
        return 2 * Bcd01Bytes;
    }
}
