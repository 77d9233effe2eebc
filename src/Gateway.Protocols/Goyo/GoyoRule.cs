using Gateway.Protocols.Framing;

namespace Gateway.Protocols.Goyo;

/// <summary>Where frames begin and end, as FORMAT.md says.</summary>
internal readonly struct GoyoRule : IFrameRule
{
    internal const byte Short01 = 0x01;
    internal const byte Short0E = 0x0E;
    internal const byte Short11 = 0x11;
    private const byte CommandMax = 0x0D;
    private const int ShortFrameBytesMin = 8;

    internal static ReadOnlySpan<byte> LongHead => [0xA5, 0x5A, 0x02, 0x13, 0x03];

    internal static ReadOnlySpan<byte> ShortHead => [0x7E, 0x7E];

    internal static ReadOnlySpan<byte> LongTail => [0xEE, 0xFF];

    internal static ReadOnlySpan<byte> ShortTail => [0x7D, 0x7D];

    public static int FindHead(ReadOnlySpan<byte> window, int from)
    {
        for (int at = from; at < window.Length; at++)
        {
            int next = window[at..].IndexOfAny(LongHead[0], ShortHead[0]);
            if (next < 0) break;
            at += next;
            if (CouldBeHead(window[at..])) return at;
        }
        return window.Length;
    }

    public static FrameEnd Judge(ReadOnlySpan<byte> from) =>
        from.IsEmpty ? FrameEnd.Open : from[0] == LongHead[0] ? JudgeLong(from) : JudgeShort(from);

    internal static int DeclaredLength(ReadOnlySpan<byte> frame) => frame[6] | frame[7] << 8;

    private static bool CouldBeHead(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == LongHead[0])
        {
            int known = Math.Min(bytes.Length, LongHead.Length);
            return bytes[..known].SequenceEqual(LongHead[..known]);
        }
        return (bytes.Length < 2 || bytes[1] == ShortHead[1])
            && (bytes.Length < 3 || bytes[2] is Short01 or Short0E or Short11)
            && (bytes.Length < 4 || bytes[3] <= CommandMax);
    }

    /// <summary>The first tail behind a right checksum is the end, whatever the length field says; a tail where the length says with a wrong one is a damaged frame.</summary>
    private static FrameEnd JudgeLong(ReadOnlySpan<byte> from)
    {
        if (from.Length < GoyoLimits.EnvelopeBytes) return FrameEnd.Open;
        int declared = DeclaredLength(from), last = Math.Min(from.Length, GoyoLimits.FrameBytesMax) - 4;
        ushort crc = 0;
        for (int at = 8; at <= last; at++)
        {
            if (from[at + 2] == LongTail[0] && from[at + 3] == LongTail[1])
            {
                bool right = crc == (from[at] | from[at + 1] << 8), asDeclared = at - 8 == declared;
                // An empty payload has checksum 0000: without the length's word for it, four bytes of a payload could pass for one.
                if (right && (at > 8 || asDeclared)) return new FrameEnd(FrameEndKind.Whole, at + 4);
                if (asDeclared && declared > 0) return new FrameEnd(FrameEndKind.Broken, at + 4, (byte)GoyoDropReason.ChecksumWrong);
            }
            crc = GoyoChecksum.Step(crc, from[at]);
        }
        return from.Length < GoyoLimits.FrameBytesMax ? FrameEnd.Open : new FrameEnd(FrameEndKind.Broken, GoyoLimits.FrameBytesMax, (byte)GoyoDropReason.NoTail);
    }

    /// <summary>Two opinions on where it ends, the length field's and the command's; the first that has a tail there is right.</summary>
    private static FrameEnd JudgeShort(ReadOnlySpan<byte> from)
    {
        if (from.Length < ShortFrameBytesMin) return FrameEnd.Open;
        if (from[2] == Short0E) return JudgeByTail(from);
        int declared = DeclaredShort(from), usual = UsualLength(from[2], (GoyoCommand)from[3]);
        if (declared == 0 && usual == 0) return JudgeByTail(from);
        int nearer = declared == 0 || usual > 0 && usual < declared ? usual : declared, farther = Math.Max(declared, usual);
        if (from.Length < nearer) return FrameEnd.Open;
        if (IsWhole(from[..nearer])) return new FrameEnd(FrameEndKind.Whole, nearer);
        if (from.Length < farther) return FrameEnd.Open;
        if (IsWhole(from[..farther])) return new FrameEnd(FrameEndKind.Whole, farther);
        bool tail = EndsInTail(from[..nearer]) || EndsInTail(from[..farther]);
        return new FrameEnd(FrameEndKind.Broken, farther, (byte)(tail ? GoyoDropReason.ChecksumWrong : GoyoDropReason.NoTail));
    }

    private static FrameEnd JudgeByTail(ReadOnlySpan<byte> from)
    {
        int limit = Math.Min(from.Length, GoyoLimits.ShortFrameBytesMax);
        for (int length = ShortFrameBytesMin; length <= limit; length++)
        {
            if (!EndsInTail(from[..length])) continue;
            if (from[2] == Short0E) return new FrameEnd(FrameEndKind.Broken, length, (byte)GoyoDropReason.UnknownVersion);
            // Two bytes of a payload may look like a tail; where there is a checksum it tells.
            if (IsWhole(from[..length])) return new FrameEnd(FrameEndKind.Whole, length);
        }
        return from.Length < GoyoLimits.ShortFrameBytesMax ? FrameEnd.Open : new FrameEnd(FrameEndKind.Broken, limit, (byte)GoyoDropReason.NoTail);
    }

    private static bool EndsInTail(ReadOnlySpan<byte> frame) => frame.EndsWith(ShortTail);

    private static bool IsWhole(ReadOnlySpan<byte> frame) => EndsInTail(frame) && (frame[2] == Short11 || frame[^3] == 0 || frame[^3] == GoyoChecksum.Negated(frame[4..^3]));

    /// <summary>Length of the whole frame as its length field has it: one byte in 01, two in 11; 0 where the field is 0 or nonsense.</summary>
    private static int DeclaredShort(ReadOnlySpan<byte> from)
    {
        int field = from[2] == Short01 ? 1 : 2, payload = field == 1 ? from[4] : from[4] | from[5] << 8;
        int length = 4 + field + payload + 3;
        return payload == 0 || length > GoyoLimits.ShortFrameBytesMax ? 0 : length;
    }

    /// <summary>Length of the whole frame as devices send it, which leave the field 0; 0 where only the tail tells.</summary>
    private static int UsualLength(byte version, GoyoCommand command) => (version, command) switch
    {
        (Short01, GoyoCommand.Heartbeat) => GoyoLayout.Heartbeat01Bytes,
        (Short01, GoyoCommand.Realtime or GoyoCommand.Offline) => GoyoLayout.Realtime01Bytes,
        (Short11, GoyoCommand.Heartbeat) => GoyoLayout.Heartbeat11Bytes,
        (Short11, GoyoCommand.Realtime or GoyoCommand.Offline) => GoyoLayout.Realtime11Bytes,
        (Short11, GoyoCommand.RunTime) => GoyoLayout.RunTime11Bytes,
        _ => 0,
    };
}
