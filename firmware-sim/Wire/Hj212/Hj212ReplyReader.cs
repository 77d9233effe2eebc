using System.Globalization;
using System.Text;

namespace FirmwareSim.Wire.Hj212;

/// <summary>Finds replies in a stream of bytes, however it is cut; what is no valid frame is skipped and counted.</summary>
internal sealed class Hj212ReplyReader
{
    private const int DataCharsMax = 1024;
    private const int HeaderChars = 6;
    private const int CrcChars = 4;

    private string _buffer = "";
    private int _badFrames;

    /// <summary>How often since the last call something began like a frame but had a wrong length, checksum or content.</summary>
    public int TakeBadFrames()
    {
        int count = _badFrames;
        _badFrames = 0;
        return count;
    }

    public IReadOnlyList<Hj212Reply> Feed(ReadOnlySpan<byte> bytes)
    {
        var replies = new List<Hj212Reply>();
        foreach (string data in FeedData(bytes))
        {
            if (Hj212Reply.Parse(data) is { } reply) replies.Add(reply);
            else _badFrames++;
        }
        return replies;
    }

    /// <summary>The data segments of all whole frames, whatever they say.</summary>
    public IReadOnlyList<string> FeedData(ReadOnlySpan<byte> bytes)
    {
        _buffer += Encoding.ASCII.GetString(bytes);
        var segments = new List<string>();
        while (TryCut(out string data)) segments.Add(data);
        return segments;
    }

    private bool TryCut(out string data)
    {
        data = "";
        while (true)
        {
            int start = _buffer.IndexOf("##", StringComparison.Ordinal);
            if (start < 0)
            {
                _buffer = _buffer.EndsWith('#') ? "#" : "";
                return false;
            }
            _buffer = _buffer[start..];
            if (_buffer.Length < HeaderChars) return false;
            if (!TryReadLength(out int length))
            {
                SkipStart();
                continue;
            }
            if (_buffer.Length < HeaderChars + length + CrcChars) return false;
            data = _buffer.Substring(HeaderChars, length);
            if (!HasValidCrc(data, _buffer.AsSpan(HeaderChars + length, CrcChars)))
            {
                SkipStart();
                continue;
            }
            _buffer = _buffer[(HeaderChars + length + CrcChars)..];
            return true;
        }
    }

    private bool TryReadLength(out int length) =>
        int.TryParse(_buffer.AsSpan(2, 4), NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= DataCharsMax;

    private static bool HasValidCrc(string data, ReadOnlySpan<char> crc) =>
        ushort.TryParse(crc, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort said)
        && said == Hj212Crc.Compute(Encoding.ASCII.GetBytes(data));

    private void SkipStart()
    {
        _badFrames++;
        _buffer = _buffer[1..];
    }
}
