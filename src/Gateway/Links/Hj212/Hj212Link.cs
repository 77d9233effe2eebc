using System.Collections.Concurrent;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Ingest;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Hj212;

/// <summary>The HJ 212 listener: data loggers connect, send frames, and get 9014 once their data is on disk. The sockets are Kestrel's.</summary>
/// <param name="zone">The site's time zone: DataTime is local civil time without one.</param>
public sealed class Hj212Link(Hj212Options options, TimeZoneInfo zone, DeviceDirectory directory, IngestBuffer ingest, GatewayClock clock, RefusedMessages refused, ILogger<Hj212Link> log)
    : ConnectionHandler
{
    public const string Name = "hj212";

    private readonly ConcurrentDictionary<int, Hj212Connection> _owners = new();
    private readonly ConcurrentDictionary<string, long> _frames = new(StringComparer.Ordinal);
    private int _connections;
    private long _foreignBytes;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes that belonged to no frame: DTU registration, noise, torn frames.</summary>
    public long ForeignBytes => Interlocked.Read(ref _foreignBytes);

    /// <summary>Frames by verdict: the CRC they carried (standard, modbus …) or what was wrong with them.</summary>
    public IEnumerable<KeyValuePair<string, long>> Frames => _frames;

    internal Hj212Options Options => options;

    internal TimeZoneInfo Zone => zone;

    internal DeviceDirectory Directory => directory;

    internal IngestBuffer Ingest => ingest;

    internal GatewayClock Clock => clock;

    internal RefusedMessages Refused => refused;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (Interlocked.Increment(ref _connections) > options.ConnectionsMax)
        {
            Interlocked.Decrement(ref _connections);
            Hj212LinkLog.TooMany(log, options.ConnectionsMax);
            return;
        }
        try
        {
            await new Hj212Connection(connection, this).RunAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    internal void Count(string verdict) => _frames.AddOrUpdate(verdict, 1, static (_, n) => n + 1);

    internal void CountForeign(long bytes) => Interlocked.Add(ref _foreignBytes, bytes);

    internal void DeviceUp(DeviceRoute device, Hj212Connection connection, long atMs)
    {
        _owners[device.Index] = connection;
        ingest.AppendEvent(LinkEventKind.Up, atMs, device.Index);
    }

    internal void DeviceDown(DeviceRoute device, Hj212Connection connection, long atMs)
    {
        if (_owners.TryGetValue(device.Index, out var owner) && owner == connection) ingest.AppendEvent(LinkEventKind.Down, atMs, device.Index);
    }
}

internal static partial class Hj212LinkLog
{
    [LoggerMessage(2100, LogLevel.Warning, "HJ 212: more than {Max} connections, one turned away")]
    public static partial void TooMany(ILogger log, int max);
}
