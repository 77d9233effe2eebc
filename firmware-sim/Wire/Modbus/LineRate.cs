namespace FirmwareSim.Wire.Modbus;

/// <summary>Timing of an 8N1 serial line, and what a receiver sees that listens at another rate.</summary>
internal static class LineRate
{
    public const int BusBaud = 9600;
    private const int BitsPerCharacter = 10;
    private const double SilenceCharacters = 3.5;

    public static TimeSpan CharacterTime { get; } = TimeSpan.FromSeconds((double)BitsPerCharacter / BusBaud);

    /// <summary>How long the line must be quiet for a request to be over.</summary>
    public static TimeSpan Silence { get; } = CharacterTime * SilenceCharacters;

    /// <summary>
    /// Samples the line the way a UART does, in the middle of each bit of the receiver's own rate. A frame without a stop bit is delivered
    /// as 0,
    /// as a raw terminal does. At the same rate the bytes come through unchanged.
    /// </summary>
    public static byte[] Resample(ReadOnlySpan<byte> sent, int receiverBaud)
    {
        bool[] line = ToLevels(sent);
        double bitsPerSample = (double)BusBaud / receiverBaud;
        var received = new List<byte>();
        double at = 0;
        while (FindStartBit(line, at) is { } start)
        {
            int value = 0;
            for (int bit = 0; bit < 8; bit++)
                if (LevelAt(line, start + ((1.5 + bit) * bitsPerSample))) value |= 1 << bit;
            bool hasStopBit = LevelAt(line, start + (9.5 * bitsPerSample));
            received.Add((byte)(hasStopBit ? value : 0));
            at = start + (9.5 * bitsPerSample);
        }
        return [.. received];
    }

    private static bool[] ToLevels(ReadOnlySpan<byte> bytes)
    {
        var levels = new List<bool>(bytes.Length * BitsPerCharacter);
        foreach (byte b in bytes)
        {
            levels.Add(false);
            for (int bit = 0; bit < 8; bit++) levels.Add((b >> bit & 1) != 0);
            levels.Add(true);
        }
        return [.. levels];
    }

    private static double? FindStartBit(bool[] line, double from)
    {
        if (from < line.Length && !LevelAt(line, from)) return from;
        for (int i = (int)from + 1; i < line.Length; i++)
            if (!line[i]) return i;
        return null;
    }

    /// <summary>The line rests high after the last character.</summary>
    private static bool LevelAt(bool[] line, double bit) => bit >= line.Length || line[(int)bit];
}
