namespace Gateway.Protocols.Goyo;

/// <summary>An identity frame of 02 13 03: somebody signed in or out, or a device sends what it read of a card or a face.</summary>
/// <remarks><b>shape</b> station[8], method, sub-command, then by sub-command. <b>source</b> DOMAIN §1.4, the vendor's own frames.</remarks>
public readonly ref struct GoyoIdentity
{
    private const int WorkNumberBytes = 8;
    private const int ContentAt = GoyoLimits.StationBytes + 2;

    private readonly ReadOnlySpan<byte> _payload;

    private GoyoIdentity(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <returns>False for other frames, and for those too short to be one.</returns>
    public static bool TryRead(in GoyoFrame frame, out GoyoIdentity identity)
    {
        bool is02 = frame.Version == GoyoVersion.V021303 && frame.Command == GoyoCommand.Identity && frame.Payload.Length >= ContentAt;
        identity = is02 ? new GoyoIdentity(frame.Payload) : default;
        return is02;
    }

    /// <summary>1 card, 6 face.</summary>
    public byte Method => _payload[GoyoLimits.StationBytes];

    public GoyoIdentityStep Step => (GoyoIdentityStep)_payload[GoyoLimits.StationBytes + 1];

    /// <summary>Of <see cref="GoyoIdentityStep.State"/>: the work number, without padding, and whether that person is there.</summary>
    public bool TryGetState(out ReadOnlySpan<byte> workNumber, out bool present)
    {
        workNumber = [];
        present = false;
        if (Step != GoyoIdentityStep.State || _payload.Length < ContentAt + WorkNumberBytes + 1) return false;
        workNumber = GoyoStation.Trim(_payload.Slice(ContentAt, WorkNumberBytes));
        present = _payload[ContentAt + WorkNumberBytes] != 0;
        return true;
    }

    /// <summary>Of <see cref="GoyoIdentityStep.Feature"/>: how many packages there are, and which this one is.</summary>
    public bool TryGetPackage(out byte count, out byte number)
    {
        (count, number) = (0, 0);
        if (Step != GoyoIdentityStep.Feature || _payload.Length < ContentAt + 2) return false;
        (count, number) = (_payload[ContentAt], _payload[ContentAt + 1]);
        return true;
    }
}

/// <summary>The sub-command of an identity frame; an open list.</summary>
public enum GoyoIdentityStep : byte
{
    /// <summary>状态通知.</summary>
    State = 1,

    /// <summary>特征上传, in packages.</summary>
    Feature = 2,

    /// <summary>司机信息下发, from the server.</summary>
    Driver = 3,

    Acknowledgement = 4,

    Delete = 5,

    Authorise = 6,
}
