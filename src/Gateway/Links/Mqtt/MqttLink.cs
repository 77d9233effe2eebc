using System.Collections.Concurrent;
using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Mqtt;

/// <summary>The MQTT listener: all its connections, who owns which device, and the clock that ends the silent ones. The sockets are Kestrel's.</summary>
public sealed class MqttLink(MqttOptions options, DeviceDirectory directory, TextTable texts, IngestBuffer ingest, GatewayClock clock, RefusedMessages refused, ILogger<MqttLink> log)
    : ConnectionHandler
{
    public const string Name = "mqtt";

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<MqttConnection, byte> _connections = new();
    private readonly ConcurrentDictionary<string, MqttConnection> _byClient = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, MqttConnection> _owners = new();
    private long _accepted;
    private long _rejected;

    public int Connections => _connections.Count;

    /// <summary>Connections taken since the process began.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections turned away: too many, or no CONNECT in time, or against the protocol.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    internal MqttOptions Options => options;

    internal DeviceDirectory Directory => directory;

    internal TextTable Texts => texts;

    internal IngestBuffer Ingest => ingest;

    internal GatewayClock Clock => clock;

    internal RefusedMessages Refused => refused;

    internal TimeProvider Time => clock.Time;

    internal bool IsStopping { get; private set; }

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (_connections.Count >= options.ConnectionsMax)
        {
            Interlocked.Increment(ref _rejected);
            MqttLinkLog.TooMany(log, options.ConnectionsMax);
            return;
        }
        var mqtt = new MqttConnection(connection, this);
        _connections.TryAdd(mqtt, 0);
        await mqtt.RunAsync();
        _connections.TryRemove(mqtt, out _);
    }

    /// <summary>Ends connections that outstayed their keep-alive [MQTT-3.1.2-24] or never said CONNECT. Runs until cancelled.</summary>
    public async Task SweepAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(SweepEvery, Time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            foreach (var connection in _connections.Keys)
            {
                if (connection.Connect is not { } connect)
                {
                    if (Time.GetElapsedTime(connection.OpenedTimestamp).TotalSeconds > options.ConnectTimeoutSeconds) Abort(connection.Context, "no CONNECT in time");
                }
                else if (connect.KeepAliveSeconds > 0 && Time.GetElapsedTime(connection.LastReceivedTimestamp).TotalSeconds > 1.5 * connect.KeepAliveSeconds)
                    Abort(connection.Context, $"nothing for 1.5 times its keep-alive of {connect.KeepAliveSeconds} s");
            }
        }
    }

    /// <summary>From here on a closed connection is our doing, not a death.</summary>
    public void Stopping() => IsStopping = true;

    internal void Connected(MqttConnection connection)
    {
        Interlocked.Increment(ref _accepted);
        if (connection.ClientId.Length == 0) return;
        MqttConnection? older = null;
        _byClient.AddOrUpdate(connection.ClientId, connection, (_, old) =>
        {
            older = old;
            return connection;
        });
        if (older is null || older == connection) return;
        older.TakenOver = true;
        Abort(older.Context, "another connection took its client id");
    }

    internal void Disconnected(MqttConnection connection, string why)
    {
        if (connection.ClientId.Length > 0) _byClient.TryRemove(KeyValuePair.Create(connection.ClientId, connection));
        if (connection.Connect is null) Interlocked.Increment(ref _rejected);
        MqttLinkLog.Closed(log, connection.ClientId, why);
    }

    internal void DeviceUp(DeviceRoute device, MqttConnection connection, long atMs)
    {
        _owners[device.Index] = connection;
        ingest.AppendEvent(LinkEventKind.Up, atMs, device.Index);
    }

    internal void DeviceDown(DeviceRoute device, MqttConnection connection, long atMs)
    {
        if (IsOwner(device, connection)) ingest.AppendEvent(LinkEventKind.Down, atMs, device.Index);
    }

    /// <summary>A device belongs to the connection that spoke for it last; an older one may close late.</summary>
    internal bool IsOwner(DeviceRoute device, MqttConnection connection) => !_owners.TryGetValue(device.Index, out var owner) || owner == connection;

    internal void Stranger(DeviceRoute device, string address, string? kind, ReadOnlySpan<byte> payload, long atMs)
    {
        string sample = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, 200)]);
        ingest.AppendEvent(LinkEventKind.Stranger, atMs, device.Index, stranger: new UnregisteredDevice(device.Index, Name, address, kind, sample));
    }

    internal void Abort(ConnectionContext context, string why)
    {
        MqttLinkLog.Aborted(log, context.ConnectionId, why);
        context.Abort(new ConnectionAbortedException(why));
    }
}

internal static partial class MqttLinkLog
{
    [LoggerMessage(2000, LogLevel.Warning, "MQTT: more than {Max} connections, one turned away")]
    public static partial void TooMany(ILogger log, int max);

    [LoggerMessage(2001, LogLevel.Debug, "MQTT: client {Client} closed: {Why}")]
    public static partial void Closed(ILogger log, string client, string why);

    [LoggerMessage(2002, LogLevel.Information, "MQTT: connection {Connection} ended: {Why}")]
    public static partial void Aborted(ILogger log, string connection, string why);
}
