using System.Buffers;
using System.Text;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>The beginning and the end: CONNECT, CONNACK, the Will.</summary>
internal sealed partial class MqttConnection
{
    /// <summary>Longer client ids are refused; the standard asks for 23 characters [§3.1.3.1].</summary>
    private const int ClientIdLengthMax = 1024;

    private TaskCompletionSource? _stored;
    private MqttWill? _will;
    private bool _isToBeKept;
    private bool _wantsWords;
    private bool _disconnected;
    private bool _wantsWill;
    private bool _takenOver;
    private volatile bool _rightsMoved;
    private uint? _expiryAtEnd;
    private volatile bool _welcome;

    public bool HasDelayedWill => _will is { DelaySeconds: > 0 };

    /// <summary>Another connection has taken this one's client id.</summary>
    /// <param name="willDue">Its Will is published all the same: [MQTT-3.1.2-8] knows no exception for 3.1.1, and 5.0 only one for a delayed Will of a session that goes on.</param>
    public void TakenOver(bool willDue)
    {
        _takenOver = true;
        if (willDue && WillStands) _link.PublishWill(new PendingWill(_will!, _session!, _identity!, this, TellEngine: false, 0));
        End(MqttReason.SessionTakenOver, "another connection took its client id");
    }

    private bool WillStands => _will is not null && (!_disconnected || _wantsWill);

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
        _sendBytesMax = connect.MaximumPacketSize == 0 ? int.MaxValue : (int)Math.Min(connect.MaximumPacketSize, int.MaxValue);
        if (connect.AuthenticationMethod is { } method) return Refuse(connect, MqttReason.BadAuthenticationMethod, $"authentication method {Short(method)}: none is offered");
        if (connect.ClientId.Length > ClientIdLengthMax) return Refuse(connect, MqttReason.ClientIdentifierNotValid, $"client id of {connect.ClientId.Length} characters, expected at most {ClientIdLengthMax}");
        int rights = _link.RightsVersion;
        var (identity, reason, why) = await _link.Access.SignInAsync(connect, _peer);
        if (identity is null) return Refuse(connect, reason, why);
        if (connect.Will is { } will && !MayLeave(will, identity)) return Refuse(connect, MqttReason.NotAuthorized, $"no right to its Will's topic {Short(Encoding.UTF8.GetString(will.Topic))}");
        string clientId = connect.ClientId.Length > 0 ? connect.ClientId : $"auto-{Guid.CreateVersion7(_link.Clock.Time.GetUtcNow()):N}";
        uint expiry = Math.Min(connect.SessionExpirySeconds, (uint)_link.Options.SessionExpirySecondsMax);
        TakeOn(connect, clientId, identity);
        var connack = ConnackFor(connect, clientId, expiry);
        if (!Fits(connack)) return "takes no packet of the size of our CONNACK";
        var attached = _link.Attach(this, connect, clientId, identity.Name, expiry);
        if (attached.Session is not { } session) return Refuse(connect, attached.Reason, WordsFor(attached.Reason));
        _session = session;
        if (attached.Present) _link.Broker.Narrow(session, identity.Rights);
        if (attached.After > 0) await CommittedAsync();
        // Taken over, or cut off, while it waited.
        if (_ending is { } over) return over;
        Connack(_version, connack with { SessionPresent = attached.Present });
        _welcome = true;
        _link.Dtus.Came(identity.Name, _link.Clock.NowMs());
        _link.Broker.Pump(session);
        _out.Flush();
        // Between the judgement and here nobody would have told this connection.
        if (_link.RightsVersion != rights) End(MqttReason.NotAuthorized, "passwords changed while it signed in");
        return null;
    }

    /// <summary>Passwords changed. Who came in under one of these names, or without a password as the client of that id, has to sign in again.</summary>
    public void RightsChanged(IReadOnlySet<string> changed)
    {
        if (_identity is not { } identity) return;
        if (changed.Contains(identity.Name.Length > 0 ? identity.Name : ClientId)) End(MqttReason.NotAuthorized, "its password changed");
        else _rightsMoved = true;
    }

    /// <summary>A client may believe that its old session is gone only once no crash can bring it back: its packet ids would meet those of the old one.</summary>
    private async Task CommittedAsync()
    {
        _heldBack = true;
        Volatile.Write(ref _stored, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _link.Intake.Ingest.AppendAck(this, Token(MqttPacketType.Connack, 0));
        if (_ending is null) await _stored.Task;
        Volatile.Write(ref _lastReceived, _link.Time.GetTimestamp());
        _heldBack = false;
    }

    /// <summary>Takes from the CONNECT what is needed later, and no more: it holds a password.</summary>
    private void TakeOn(MqttConnect connect, string clientId, MqttIdentity identity)
    {
        (_version, ClientId, _identity) = (connect.Version, clientId, identity);
        (_will, _wantsWords, _isToBeKept) = (connect.Will, connect.RequestProblemInformation, connect.SessionExpirySeconds > 0);
        SendWindow = Math.Min(connect.ReceiveMaximum, _link.Options.SendWindowMax);
        _sendAliasMax = Math.Min(connect.TopicAliasMaximum, _link.Options.TopicAliasMax);
        KeepAliveSeconds = KeepAlive(connect);
    }

    private MqttConnack ConnackFor(MqttConnect connect, string clientId, uint expiry) => new()
    {
        AssignedClientId = connect.ClientId.Length == 0 && _version == MqttVersion.V5 ? clientId : null,
        SessionExpirySeconds = expiry != connect.SessionExpirySeconds ? expiry : null,
        ReceiveMaximum = _link.Options.InflightMax,
        MaximumPacketSize = (uint)_link.Options.PacketBytesMax,
        TopicAliasMaximum = _link.Options.TopicAliasMax,
        ServerKeepAlive = KeepAliveSeconds != connect.KeepAliveSeconds ? KeepAliveSeconds : null,
    };

    /// <summary>What we have to tell must not be larger than the client takes [MQTT-3.1.2-24].</summary>
    private bool Fits(MqttConnack connack)
    {
        if (_sendBytesMax > 1024) return true;
        var probe = new ArrayBufferWriter<byte>(64);
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

    /// <summary>What begins with $ is the server's own [§4.7.2].</summary>
    private static bool MayLeave(MqttWill will, MqttIdentity identity) => will.Topic[0] != (byte)'$' && identity.Rights.MayPublish(will.Topic);

    private static string WordsFor(MqttReason refusal) => refusal switch
    {
        MqttReason.QuotaExceeded => "no room for another session",
        MqttReason.ServerBusy => "the disk refuses, and too much waits for it already",
        _ => "the client id belongs to somebody else's session",
    };

    /// <summary>What a client calls something, short enough to be said back to it.</summary>
    private static string Short(string words) => words.Length <= 100 ? words : words[..100] + "…";

    private string Refuse(MqttConnect connect, MqttReason reason, string why)
    {
        // It is nobody's connection now.
        (_version, _will) = (connect.Version, null);
        var connack = new MqttConnack { Reason = reason, ReasonString = connect.RequestProblemInformation ? why : null };
        Connack(_version, Fits(connack) ? connack : connack with { ReasonString = null });
        return why;
    }

    private void Connack(MqttVersion version, MqttConnack connack) => _out.Append(static (to, c) => MqttWriter.Connack(to, c.Version, c.Connack), (Version: version, Connack: connack));

    private void Closed(string why)
    {
        long atMs = _link.Clock.NowMs();
        _link.Left(this, why, wasConnected: IsConnected);
        // Before its Will: what is behind a lost DTU is not dead. Our own stop loses nobody.
        if (_welcome && !_link.IsStopping) _link.Dtus.Went(_identity!.Name, why, atMs);
        _link.Intake.Gone(Talkers, atMs);
        if (_session is { } session)
        {
            var will = WillStands && !_takenOver && !_link.IsStopping ? new PendingWill(_will!, session, _identity!, this, TellEngine: true, 0) : null;
            if (_link.Broker.Detach(session, this, will, _expiryAtEnd) is { } now) _link.PublishWill(now);
        }
        // Whoever still knows this connection is not to keep alive what it remembered. Nobody writes messages to it any more.
        (_topics, _lastTopic, _aliases, _sendAliases, _scratchBytes, _will) = (null, null, null, null, null, null);
    }
}
