namespace Gateway.Protocols.Hj212;

/// <summary>
/// Finds where a frame begins and ends in one contiguous window; the end that completes first wins, so more bytes never change an
/// answer.
/// </summary>
/// <remarks><b>source</b> FORMAT.md, "Where a frame ends".</remarks>
internal static class Hj212Boundary
{
    internal enum End { NotYet, Frame, NextHeader }

    /// <summary>Index of the first header, or of a header cut by the end of the window, or the window's length.</summary>
    internal static int FindHeader(ReadOnlySpan<byte> window)
    {
        for (var i = 0; ; i++)
        {
            var hash = window[i..].IndexOf((byte)'#');
            if (hash < 0)
                return window.Length;
            i += hash;
            if (CouldBeHeader(window[i..]))
                return i;
        }
    }

    /// <summary>Finds the end of the frame whose complete header stands at the start of <paramref name="window"/>.</summary>
    /// <param name="window">Begins with a header; the caller cuts it to <see cref="Hj212Limits.FrameBytesMax"/>.</param>
    /// <param name="dataEnd">End of the data segment, or the position of the next header.</param>
    internal static End FindEnd(ReadOnlySpan<byte> window, out int dataEnd)
    {
        var declaredEnd = Hj212Limits.HeaderBytes + DeclaredLength(window);
        var declaredPending = declaredEnd + Hj212Limits.CrcBytes <= window.Length;
        var opened = false;
        for (var i = Hj212Limits.HeaderBytes; ; i++)
        {
            var mark = window[i..].IndexOfAny((byte)'&', (byte)'#');
            i = mark < 0 ? window.Length : i + mark;

            // Both `&&` + CRC and `##` + digits take six bytes: anything at i completes at i + 6.
            if (declaredPending && declaredEnd + Hj212Limits.CrcBytes < i + 6)
            {
                declaredPending = false;
                if (IsProven(window, declaredEnd))
                    return Found(End.Frame, declaredEnd, out dataEnd);
            }
            if (i + 6 > window.Length)
                return Found(End.NotYet, window.Length, out dataEnd);

            if (window[i] == '#')
            {
                if (CouldBeHeader(window[i..]))
                    return Found(End.NextHeader, i, out dataEnd);
            }
            else if (window[i + 1] == '&')
            {
                if (!opened && IsCpOpener(window[..i]))
                {
                    opened = true;
                    i++;
                }
                else if (Hj212Crc.TryReadField(window.Slice(i + 2, Hj212Limits.CrcBytes), out _))
                {
                    return Found(End.Frame, i + 2, out dataEnd);
                }
            }
        }
    }

    internal static int DeclaredLength(ReadOnlySpan<byte> header)
    {
        var length = 0;
        for (var i = 2; i < Hj212Limits.HeaderBytes; i++)
            length = (length * 10) + (header[i] - '0');
        return length;
    }

    private static End Found(End end, int at, out int dataEnd)
    {
        dataEnd = at;
        return end;
    }

    private static bool CouldBeHeader(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length && i < Hj212Limits.HeaderBytes; i++)
        {
            if (i < 2 ? bytes[i] != '#' : !char.IsAsciiDigit((char)bytes[i]))
                return false;
        }
        return true;
    }

    private static bool IsCpOpener(ReadOnlySpan<byte> before) =>
        before.Length >= 3 && before[^1] == '=' && (before[^2] | 0x20) == 'p' && (before[^3] | 0x20) == 'c';

    // A segment without `&&` has only its length and its checksum to show; both must hold.
    private static bool IsProven(ReadOnlySpan<byte> window, int dataEnd) =>
        Hj212Crc.TryReadField(window.Slice(dataEnd, Hj212Limits.CrcBytes), out var sent)
        && Hj212Crc.Judge(window[Hj212Limits.HeaderBytes..dataEnd], sent) != Hj212CrcVerdict.Wrong;
}
