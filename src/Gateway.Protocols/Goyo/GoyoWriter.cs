namespace Gateway.Protocols.Goyo;

/// <summary>Writes what a server says: answers to heartbeats with or without the time, and acknowledgements.</summary>
/// <remarks><b>shape</b> every method returns how many bytes of <c>to</c> it used, at most <see cref="AnswerBytesMax"/>. <b>source</b> DOMAIN §1.4 and §1.5.</remarks>
public static class GoyoWriter
{
    /// <summary>The longest answer: that to a state of identity.</summary>
    public const int AnswerBytesMax = GoyoLimits.EnvelopeBytes + StatePayloadBytes;

    private const int StatePayloadBytes = 19;
    private const int PackagePayloadBytes = 13;
    private const byte Accepted = 1;
    private const byte ClockIsRight = 0;
    private const byte ClockFollows = 1;

    /// <summary>Answers a heartbeat.</summary>
    /// <param name="clock">What the device's clock should show; null leaves it as it is.</param>
    public static int HeartbeatAnswer(Span<byte> to, GoyoVersion version, DateTime? clock)
    {
        Span<byte> payload = stackalloc byte[1 + GoyoTime.Bytes];
        payload[0] = clock is null ? ClockIsRight : ClockFollows;
        if (clock is { } civil) GoyoTime.Write(payload[1..], civil);
        payload = payload[..(clock is null ? 1 : payload.Length)];
        return version == GoyoVersion.V021303 ? Long(to, GoyoCommand.Heartbeat, payload) : Short(to, version, GoyoCommand.Heartbeat, payload);
    }

    /// <summary>The empty frame by which a server says that it has what the device sent.</summary>
    public static int Acknowledgement(Span<byte> to, GoyoVersion version, GoyoCommand command) =>
        version == GoyoVersion.V021303 ? Long(to, command, []) : Short(to, version, command, []);

    /// <summary>Answers who signed in: the device's own words, and that it is in order.</summary>
    /// <param name="payload">Of the frame being answered, a <see cref="GoyoIdentityStep.State"/> as <see cref="GoyoIdentity.TryGetState"/> accepts it.</param>
    public static int StateAcknowledgement(Span<byte> to, ReadOnlySpan<byte> payload)
    {
        Span<byte> answer = stackalloc byte[StatePayloadBytes];
        payload[..StatePayloadBytes].CopyTo(answer);
        answer[^1] = Accepted;
        return Long(to, GoyoCommand.Identity, answer);
    }

    /// <summary>Answers one package of a feature.</summary>
    /// <param name="payload">Of the frame being answered, as <see cref="GoyoIdentity.TryGetPackage"/> accepts it.</param>
    public static int PackageAcknowledgement(Span<byte> to, ReadOnlySpan<byte> payload)
    {
        Span<byte> answer = stackalloc byte[PackagePayloadBytes];
        payload[..(PackagePayloadBytes - 1)].CopyTo(answer);
        answer[^1] = Accepted;
        return Long(to, GoyoCommand.Identity, answer);
    }

    private static int Long(Span<byte> to, GoyoCommand command, ReadOnlySpan<byte> payload)
    {
        GoyoRule.LongHead.CopyTo(to);
        (to[5], to[6], to[7]) = ((byte)command, (byte)payload.Length, (byte)(payload.Length >> 8));
        payload.CopyTo(to[8..]);
        ushort crc = GoyoChecksum.Xmodem(payload);
        var rest = to[(8 + payload.Length)..];
        (rest[0], rest[1]) = ((byte)crc, (byte)(crc >> 8));
        GoyoRule.LongTail.CopyTo(rest[2..]);
        return payload.Length + GoyoLimits.EnvelopeBytes;
    }

    private static int Short(Span<byte> to, GoyoVersion version, GoyoCommand command, ReadOnlySpan<byte> payload)
    {
        bool is01 = version == GoyoVersion.V01;
        int at = is01 ? 5 : 6;
        GoyoRule.ShortHead.CopyTo(to);
        (to[2], to[3], to[4]) = (is01 ? GoyoRule.Short01 : GoyoRule.Short11, (byte)command, (byte)payload.Length);
        if (!is01) to[5] = 0;
        payload.CopyTo(to[at..]);
        var rest = to[(at + payload.Length)..];
        // The vendor's server leaves it 00 and the devices take that, so they take a right one too; for 11 nobody has said what a right one is.
        rest[0] = is01 ? GoyoChecksum.Negated(to[4..(at + payload.Length)]) : (byte)0;
        GoyoRule.ShortTail.CopyTo(rest[1..]);
        return at + payload.Length + 3;
    }
}
