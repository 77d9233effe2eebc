using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>The beginning and the end: CONNECT, CONNACK, the Will.</summary>
internal sealed partial class MqttConnection
{
    private MqttConnect? _connect;
    private bool _disconnected;
    private bool _wantsWill;
    private bool _takenOver;
    private uint? _expiryAtEnd;

    private Next Arrive(ReadOnlySpan<byte> body, out MqttVerdict verdict)
    {
        verdict = MqttConnect.TryParse(body, out var connect, out byte level);
        if (verdict.IsOk)
        {
            _arriving = connect;
            return Next.SignIn;
        }
        // A client that speaks an unknown version is answered in the oldest form, which it is most likely to read [§3.1.2.2].
        var version = level == (byte)MqttVersion.V5 ? MqttVersion.V5 : MqttVersion.V311;
        bool tell = version == MqttVersion.V5 || verdict.Reason is MqttReason.UnsupportedProtocolVersion or MqttReason.ClientIdentifierNotValid;
        if (tell) Connack(version, new MqttConnack { Reason = verdict.Reason });
        return Next.End;
    }

    /// <returns>Null when the client is in, else why not.</returns>
    private async ValueTask<string?> SignInAsync(MqttConnect connect)
    {
        _arriving = null;
        if (connect.AuthenticationMethod is { } method) return Refuse(connect, MqttReason.BadAuthenticationMethod, $"authentication method {method}: none is offered");
        var (identity, reason, why) = await _link.Access.SignInAsync(connect, _peer);
        if (identity is null) return Refuse(connect, reason, why);
        if (connect.Will is { } will && !identity.Rights.MayPublish(will.Topic)) return Refuse(connect, MqttReason.NotAuthorized, $"no right to its Will's topic {System.Text.Encoding.UTF8.GetString(will.Topic)}");
        string clientId = connect.ClientId.Length > 0 ? connect.ClientId : $"auto-{Guid.CreateVersion7(_link.Clock.Time.GetUtcNow()):N}";
        uint expiry = Math.Min(connect.SessionExpirySeconds, (uint)_link.Options.SessionExpirySecondsMax);
        (_version, ClientId, _identity, _connect) = (connect.Version, clientId, identity, connect);
        (SendWindow, _sendBytesMax) = (Math.Min(connect.ReceiveMaximum, _link.Options.SendWindowMax), connect.MaximumPacketSize == 0 ? int.MaxValue : (int)Math.Min(connect.MaximumPacketSize, int.MaxValue));
        _sendAliasMax = Math.Min(connect.TopicAliasMaximum, _link.Options.TopicAliasMax);
        KeepAliveSeconds = KeepAlive(connect);
        var attached = _link.Attach(this, connect, clientId, identity.Name, expiry);
        if (attached.Session is not { } session)
        {
            _connect = null;
            return Refuse(connect, attached.Reason, attached.Reason == MqttReason.QuotaExceeded ? "no room for another session" : "the client id belongs to somebody else's session");
        }
        var connack = new MqttConnack
        {
            SessionPresent = attached.Present,
            AssignedClientId = connect.ClientId.Length == 0 && _version == MqttVersion.V5 ? clientId : null,
            SessionExpirySeconds = expiry != connect.SessionExpirySeconds ? expiry : null,
            ReceiveMaximum = _link.Options.InflightMax,
            MaximumPacketSize = (uint)_link.Options.PacketBytesMax,
            TopicAliasMaximum = _link.Options.TopicAliasMax,
            ServerKeepAlive = KeepAliveSeconds != connect.KeepAliveSeconds ? KeepAliveSeconds : null,
        };
        _session = session;
        if (!Fits(connack)) return "takes no packet of the size of our CONNACK";
        Connack(_version, connack);
        _link.Broker.Pump(session);
        _out.Flush();
        return null;
    }

    /// <summary>What we have to tell must not be larger than the client takes [MQTT-3.1.2-24].</summary>
    private bool Fits(MqttConnack connack)
    {
        if (_sendBytesMax > 1024) return true;
        var probe = new System.Buffers.ArrayBufferWriter<byte>(64);
        MqttWriter.Connack(probe, _version, connack);
        return probe.WrittenCount <= _sendBytesMax;
    }

    /// <summary>A 3.1.1 client cannot be told another keep-alive than its own.</summary>
    private int KeepAlive(MqttConnect connect)
    {
        int most = _link.Options.KeepAliveSecondsMax;
        bool over = most > 0 && (connect.KeepAliveSeconds == 0 || connect.KeepAliveSeconds > most);
        return over && connect.Version == MqttVersion.V5 ? most : connect.KeepAliveSeconds;
    }

    private string Refuse(MqttConnect connect, MqttReason reason, string why)
    {
        Connack(connect.Version, new MqttConnack { Reason = reason, ReasonString = connect.RequestProblemInformation ? why : null });
        return why;
    }

    private void Connack(MqttVersion version, MqttConnack connack) => _out.Append(static (to, c) => MqttWriter.Connack(to, c.Version, c.Connack), (Version: version, Connack: connack));

    /// <summary>Another connection has taken this one's client id.</summary>
    /// <param name="willDue">Its Will is published all the same: [MQTT-3.1.2-8] knows no exception for 3.1.1, and 5.0 only one for a delayed Will of a session that goes on.</param>
    public void TakenOver(bool willDue)
    {
        _takenOver = true;
        if (willDue && _connect?.Will is { } will) _link.PublishWill(new PendingWill(will, _session!, _identity!, this, TellEngine: false, 0));
        End(MqttReason.SessionTakenOver, "another connection took its client id");
    }

    public bool HasDelayedWill => _connect?.Will is { DelaySeconds: > 0 };

    private void Closed(string why)
    {
        long atMs = _link.Clock.NowMs();
        _link.Left(this, why, wasConnected: IsConnected);
        _link.Intake.Gone(Talkers, atMs);
        if (_session is not { } session) return;
        bool willDue = _connect?.Will is not null && !_takenOver && !_link.IsStopping && (!_disconnected || _wantsWill);
        var will = willDue ? new PendingWill(_connect!.Will!, session, _identity!, this, TellEngine: true, 0) : null;
        if (_link.Broker.Detach(session, this, will, _expiryAtEnd) is { } now) _link.PublishWill(now);
    }
}
