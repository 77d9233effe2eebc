namespace Gateway.Protocols.Tests.Mqtt;

/// <summary>Bends packets in a buffer of its own: bits, bytes, lengths, cuts, insertions, splices. The same seed gives the same packets.</summary>
internal sealed class MqttMutation(int seed, byte[][] corpus)
{
    private const int BytesMax = 512;

    // Ends of ranges, property identifiers, and lead bytes of UTF-8.
    private static readonly byte[] Telling = [0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x0B, 0x11, 0x15, 0x16, 0x1F, 0x22, 0x23, 0x26, 0x27, 0xC2, 0xED, 0xEF, 0xF4, (byte)'#', (byte)'+', (byte)'/', (byte)'$'];

    private readonly Random _random = new(seed);
    private readonly byte[] _body = new byte[BytesMax];
    private readonly byte[] _packet = new byte[BytesMax + 5];
    private int _length;

    /// <summary>The next packet and which of the corpus it was made of; good until the next call.</summary>
    public ReadOnlySpan<byte> Next(out int origin)
    {
        origin = _random.Next(corpus.Length);
        byte[] from = corpus[origin];
        byte head = from[0];
        // Bodies of the corpus that need two bytes of length start one byte later.
        var body = BodyOf(from);
        body.CopyTo(_body);
        _length = body.Length;
        for (int bends = 1 + _random.Next(3); bends > 0; bends--) Bend();
        if (_random.Next(16) == 0) head = (byte)_random.Next(256);
        int declared = _random.Next(16) == 0 ? Math.Max(0, _length + _random.Next(-3, 4)) : _length;
        _packet[0] = head;
        int at = 1 + WriteLength(declared);
        _body.AsSpan(0, _length).CopyTo(_packet.AsSpan(at));
        return _packet.AsSpan(0, at + _length);
    }

    private static ReadOnlySpan<byte> BodyOf(byte[] packet) => packet.AsSpan(packet[1] >= 0x80 ? 3 : 2);

    private void Bend()
    {
        switch (_random.Next(8))
        {
            case 0 when _length > 0:
                _body[_random.Next(_length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when _length > 0:
                _body[_random.Next(_length)] = Telling[_random.Next(Telling.Length)];
                break;
            case 2 when _length > 0:
                _body[_random.Next(_length)] = (byte)_random.Next(256);
                break;
            case 3 when _length > 0:
                // Most lengths of the corpus are small: a step up or down is often a length changed.
                _body[_random.Next(_length)] += (byte)(_random.Next(2) == 0 ? 1 : 255);
                break;
            case 4:
                _length = _random.Next(_length + 1);
                break;
            case 5 when _length > 0:
                Remove(_random.Next(_length));
                break;
            case 6:
                Insert(_random.Next(_length + 1), 1 + _random.Next(4));
                break;
            default:
                Splice();
                break;
        }
    }

    private void Remove(int at)
    {
        int count = Math.Min(1 + _random.Next(4), _length - at);
        _body.AsSpan(at + count, _length - at - count).CopyTo(_body.AsSpan(at));
        _length -= count;
    }

    private void Insert(int at, int count)
    {
        if (_length + count > BytesMax) return;
        _body.AsSpan(at, _length - at).CopyTo(_body.AsSpan(at + count));
        for (int i = 0; i < count; i++) _body[at + i] = _random.Next(2) == 0 ? Telling[_random.Next(Telling.Length)] : (byte)_random.Next(256);
        _length += count;
    }

    private void Splice()
    {
        var other = BodyOf(corpus[_random.Next(corpus.Length)]);
        int at = _random.Next(_length + 1);
        var tail = other[_random.Next(other.Length + 1)..];
        if (at + tail.Length > BytesMax) return;
        tail.CopyTo(_body.AsSpan(at));
        _length = at + tail.Length;
    }

    private int WriteLength(int value)
    {
        if (value < 128)
        {
            _packet[1] = (byte)value;
            return 1;
        }
        (_packet[1], _packet[2]) = ((byte)(value % 128 | 128), (byte)(value / 128));
        return 2;
    }
}
