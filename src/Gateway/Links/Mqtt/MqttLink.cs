using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Gateway.Diagnostics;
using Gateway.Links.Mqtt.Broker;
using Gateway.Links.Sparkplug;
using Gateway.Protocols.Mqtt;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Mqtt;

/// <summary>The MQTT listener: all its connections, the broker between them, and the clock that ends the silent ones. The sockets are Kestrel's.</summary>
public sealed class MqttLink : ConnectionHandler
{
    public const string Name = "mqtt";

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HearOutWithin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<MqttConnection, byte> _connections = new();
    private readonly ConcurrentDictionary<ConnectionContext, long> _leaving = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly MqttJournal _journal;
    private readonly ILogger<MqttLink> _log;
    private readonly SysTopics _sys;
    private int _admitted;
    private long _turnedAway;
    private int _rightsVersion;

    /// <param name="sparkplug">Makes the Sparkplug host of this listener from its way to publish; null = none.</param>
    public MqttLink(MqttOptions options, MqttIntake intake, MqttSessions sessions, IMqttAccess access, ILogger<MqttLink> log, Func<Action<byte[], byte[], int, bool>, SparkplugHost>? sparkplug = null)
    {
        (Options, Intake, Access, _journal, _log) = (options, intake, access, sessions.Writer, log);
        Broker = new MqttBroker(options, _journal, intake.Clock, Tally, access.RightsOf);
        Broker.Restore(sessions.Memory);
        Broker.Narrow();
        access.Changed += RightsChanged;
        Dtus = new MqttDtus(intake.Ingest, name => access.RightsOf(name) is not null);
        intake.Sparkplug = sparkplug?.Invoke((topic, payload, qos, retain) => Publish(new MqttMessage(topic, payload, [], qos, retain, MqttMessage.Never), from: null));
        // The listener is its own carrier: there whenever the gateway is.
        intake.Sparkplug?.CarrierBack(Time.GetUtcNow().ToUnixTimeMilliseconds());
        _sys = new SysTopics(this);
    }

    public MqttTally Tally { get; } = new();

    public int Connections => _connections.Count;

    public int Sessions => Broker.Sessions;

    public int Subscriptions => Broker.Subscriptions;

    public int Retained => Broker.Retained.Messages;

    /// <summary>What all sessions hold together, bytes by estimate.</summary>
    public long HeldBytes => Broker.HeldBytes;

    /// <summary>Null where Sparkplug is switched off.</summary>
    public SparkplugFigures? Sparkplug => Intake.Sparkplug?.Figures();

    internal MqttOptions Options { get; }

    internal MqttIntake Intake { get; }

    internal MqttBroker Broker { get; }

    internal IMqttAccess Access { get; }

    internal MqttDtus Dtus { get; }

    /// <summary>Watches the clients that several devices come in through.</summary>
    /// <param name="clients">Their ids (<see cref="Domain.Ledger.DtuLedger"/>).</param>
    public void WatchDtus(IReadOnlyList<string> clients) => Dtus.Watch(clients, Clock.NowMs());

    internal GatewayClock Clock => Intake.Clock;

    internal TimeProvider Time => Intake.Clock.Time;

    internal bool IsStopping { get; private set; }

    /// <summary>Where work goes that must not run on its caller's stack: the caller may hold a lock that the work wants.</summary>
    internal PipeScheduler Aside { get; init; } = PipeScheduler.ThreadPool;

    /// <summary>False when so many changes of sessions wait for their commit that no more messages are taken for subscribers.</summary>
    internal bool HasRoomForSessions => _journal.HasRoom;

    /// <summary>Moves when somebody's rights may be others than before.</summary>
    internal int RightsVersion => Volatile.Read(ref _rightsVersion);

    /// <summary>One TCP connection of a listener of ours.</summary>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var tls = connection.Features.Get<ITlsConnectionFeature>();
        var peer = new MqttPeer((connection.RemoteEndPoint as IPEndPoint)?.Address, tls?.ClientCertificate, tls is not null);
        if (await ServeAsync(connection.Transport, peer, why => connection.Abort(new ConnectionAbortedException(why)))) await HearOutAsync(connection.Transport.Input);
        // The transport still sends what it was given. To a peer that neither reads nor closes it would do so for ever, socket and buffers with it.
        _leaving[connection] = Time.GetTimestamp();
        connection.ConnectionClosed.UnsafeRegister(c => _leaving.TryRemove((ConnectionContext)c!, out _), connection);
    }

    /// <summary>Speaks MQTT on a transport until it ends.</summary>
    /// <returns>True when the client was told why we end it, and may still be writing.</returns>
    internal async Task<bool> ServeAsync(IDuplexPipe transport, MqttPeer peer, Action<string> abort)
    {
        if (!Admit(peer.Address)) return false;
        var mqtt = new MqttConnection(transport, peer, this, abort);
        _connections.TryAdd(mqtt, 0);
        try
        {
            await mqtt.RunAsync();
            return mqtt.HasLastWord;
        }
        finally
        {
            _connections.TryRemove(mqtt, out _);
            Release(peer.Address);
        }
    }

    /// <summary>
    /// A socket that closes on unread bytes resets the connection, and our last word with it: what a client that is still writing sends is thrown away for a moment.
    /// </summary>
    private async Task HearOutAsync(PipeReader input)
    {
        using var limit = new CancellationTokenSource(HearOutWithin, Time);
        try
        {
            ReadResult rest;
            long turnBytes = 0;
            do
            {
                rest = await input.ReadAsync(limit.Token);
                turnBytes += rest.Buffer.Length;
                input.AdvanceTo(rest.Buffer.End);
                if (turnBytes < MqttConnection.TurnBytesMax) continue;
                // Nor may it keep others from being read meanwhile.
                turnBytes = 0;
                await Task.Yield();
            }
            while (!rest.IsCompleted);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or ConnectionAbortedException or ConnectionResetException)
        {
            // It had its time, or it is gone.
        }
    }

    /// <summary>Ends connections that outstayed their keep-alive [MQTT-3.1.2-22], never said CONNECT or do not let themselves be ended; ends sessions; publishes due Wills and <c>$SYS</c>. Runs until cancelled.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(SweepEvery, Time);
        while (await timer.WaitForNextTickAsync(cancel)) Sweep();
    }

    /// <summary>One look at everything that time brings about.</summary>
    internal void Sweep()
    {
        foreach (var connection in _connections.Keys) Sweep(connection);
        foreach (var (connection, since) in _leaving)
            if (Time.GetElapsedTime(since) > LeaveWithin) connection.Abort(new ConnectionAbortedException("does not read what it was sent"));
        foreach (var will in Broker.Sweep()) PublishWill(will);
        Dtus.Sweep(Clock.NowMs());
        Intake.Sparkplug?.Tick(Clock.NowMs());
        _sys.PublishWhenDue(Time);
    }

    /// <summary>From here on a closed connection is our doing, not a death.</summary>
    public void Stopping()
    {
        IsStopping = true;
        Intake.Sparkplug?.Leave(Time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var connection in _connections.Keys) connection.End(MqttReason.ServerShuttingDown, "the gateway stops");
    }

    internal Attached Attach(MqttConnection connection, MqttConnect connect, string clientId, string owner, uint expirySeconds)
    {
        var attached = Broker.Attach(connection, connect, clientId, owner, expirySeconds);
        if (attached.Session is null) return attached;
        Tally.ConnectAccepted();
        if (attached.Overdue is { } overdue) PublishWill(overdue);
        // Going on with the session takes a delayed Will back [§3.1.3.2.2].
        attached.Older?.TakenOver(willDue: !(attached.Older.HasDelayedWill && attached.Present));
        return attached;
    }

    internal void Refuses(MqttConnection connection, in MqttVerdict verdict) => MqttLinkLog.Refuses(_log, connection.ClientId, connection.Peer.Address, verdict.ToString());

    internal void Left(MqttConnection connection, string why, bool wasConnected)
    {
        if (!wasConnected) Tally.ConnectRejected();
        MqttLinkLog.Closed(_log, connection.ClientId, connection.Peer.Address, why);
    }

    /// <summary>Publishes a Will: to subscribers, and to the engine as the death of the devices it speaks for.</summary>
    internal void PublishWill(PendingWill pending)
    {
        var will = pending.Will;
        long nowMs = Clock.NowMs();
        // Its rights may have changed since it came in.
        if (!pending.Identity.Rights.MayPublish(will.Topic)) return;
        if (pending.TellEngine) TellOfDeath(pending, nowMs);
        var message = new MqttMessage(will.Topic, will.Payload, will.Properties, will.Qos, will.Retain, MqttMessage.ExpiryOf(will.MessageExpirySeconds, nowMs));
        Publish(message, pending.Session);
    }

    /// <summary>Hands a message that came over no connection to the subscribers.</summary>
    internal void Publish(MqttMessage message, MqttSession? from)
    {
        var touched = new HashSet<MqttSession>();
        Broker.Route(message, Broker.Match(message.TopicText), from, touched);
        Broker.Pump(touched);
    }

    private void TellOfDeath(PendingWill pending, long nowMs)
    {
        var route = Intake.Resolve(pending.Will.Topic);
        if (route.Device is not null) Intake.Died(route, pending.Will.Payload, pending.Connection.Talkers, nowMs);
        else if (Intake.Sparkplug is not null && route.IsSparkplug) _ = DieAsync(pending.Connection.Talkers, route, pending.Will);
        else
            foreach (int device in pending.Connection.Talkers.Devices) Intake.DeviceDied(device, pending.Connection.Talkers, nowMs);
    }

    private void RightsChanged(IReadOnlySet<string> changed)
    {
        Interlocked.Increment(ref _rightsVersion);
        foreach (var connection in _connections.Keys) connection.RightsChanged(changed);
    }

    /// <summary>An NDEATH is a message like any other: it waits for room.</summary>
    private async Task DieAsync(MqttTalkers from, MqttTopicRoute route, MqttWill will)
    {
        while (Intake.Take(from, route, will.Payload, will.Retain, Clock.NowMs(), null, 0) == IntakeOutcome.Full) await Intake.Ingest.SpaceAsync();
    }

    private void Sweep(MqttConnection connection)
    {
        if (connection.IsCut) return;
        if (connection.EndingTimestamp != 0)
        {
            if (Time.GetElapsedTime(connection.EndingTimestamp) > LeaveWithin) Cut(connection, "does not let itself be ended");
        }
        else if (!connection.IsConnected)
        {
            if (Time.GetElapsedTime(connection.OpenedTimestamp).TotalSeconds > Options.ConnectTimeoutSeconds) Cut(connection, $"no CONNECT within {Options.ConnectTimeoutSeconds} s");
        }
        else if (connection.KeepAliveSeconds > 0 && !connection.IsHeldBack && Time.GetElapsedTime(connection.LastReceivedTimestamp).TotalSeconds > 1.5 * connection.KeepAliveSeconds)
            connection.End(MqttReason.KeepAliveTimeout, $"nothing for 1.5 times its keep-alive of {connection.KeepAliveSeconds} s");
    }

    private void Cut(MqttConnection connection, string why)
    {
        MqttLinkLog.Cut(_log, connection.ClientId, connection.Peer.Address, why);
        connection.Abort(why);
    }

    private bool Admit(IPAddress? address)
    {
        lock (_byAddress)
        {
            int here = address is null ? 0 : _byAddress.GetValueOrDefault(address);
            if (_admitted < Options.ConnectionsMax && here < Options.ConnectionsPerAddressMax)
            {
                _admitted++;
                if (address is not null) _byAddress[address] = here + 1;
                return true;
            }
            Tally.ConnectRejected();
            // Once for each flood, not once for each of its connections.
            if (_turnedAway++ % 1000 == 0) MqttLinkLog.TooMany(_log, address, _admitted, here);
            return false;
        }
    }

    private void Release(IPAddress? address)
    {
        lock (_byAddress)
        {
            _admitted--;
            if (address is null) return;
            int left = _byAddress[address] - 1;
            if (left == 0) _byAddress.Remove(address);
            else _byAddress[address] = left;
        }
    }
}

internal static partial class MqttLinkLog
{
    [LoggerMessage(2000, LogLevel.Warning, "MQTT: {Address} turned away: {Connections} connections, {Here} of them from there")]
    public static partial void TooMany(ILogger log, IPAddress? address, int connections, int here);

    [LoggerMessage(2001, LogLevel.Debug, "MQTT: client \"{Client}\" at {Address} closed: {Why}")]
    public static partial void Closed(ILogger log, string client, IPAddress? address, string why);

    [LoggerMessage(2002, LogLevel.Information, "MQTT: client \"{Client}\" at {Address} cut off: {Why}")]
    public static partial void Cut(ILogger log, string client, IPAddress? address, string why);

    [LoggerMessage(2003, LogLevel.Information, "MQTT: client \"{Client}\" at {Address} breaks the protocol: {What}")]
    public static partial void Refuses(ILogger log, string client, IPAddress? address, string what);
}
