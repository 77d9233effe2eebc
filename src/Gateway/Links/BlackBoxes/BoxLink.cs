using System.Collections.Concurrent;
using Gateway.Decoding;
using Gateway.Decoding.Boxes;
using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Links.Frames;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.BlackBoxes;

/// <summary>What the links of all black boxes have in common: their sockets (Kestrel's), their stations, their counters.</summary>
/// <remarks><b>Threading</b>: safe for all.</remarks>
public abstract class BoxLink(string name, LinkKind kind, BoxOptions options, BoxSurroundings around, ILogger log) : ConnectionHandler
{
    private readonly ConcurrentDictionary<string, BoxStation> _stations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _frames = new(StringComparer.Ordinal);
    private readonly Lock _growth = new();
    private int _connections;
    private long _foreignBytes;

    /// <summary>The word for it in counters, samples and rings.</summary>
    public string Name => name;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes that belonged to no frame: DTU registration, other devices on the line, noise.</summary>
    public long ForeignBytes => Interlocked.Read(ref _foreignBytes);

    /// <summary>Frames by verdict, those that nobody could be told for included.</summary>
    public IEnumerable<KeyValuePair<string, long>> Frames => _frames;

    internal BoxOptions Options => options;

    internal BoxSurroundings Around => around;

    /// <summary>Every station heard since the process began.</summary>
    public IReadOnlyList<BoxStatus> Status()
    {
        long nowMs = around.Clock.NowMs();
        return [.. _stations.Values.Select(s => s.Status(name, nowMs)).OrderBy(s => s.Station, StringComparer.Ordinal)];
    }

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (Interlocked.Increment(ref _connections) > options.ConnectionsMax)
        {
            Interlocked.Decrement(ref _connections);
            BoxLinkLog.TooMany(log, name, options.ConnectionsMax);
            return;
        }
        try
        {
            await new BoxConnection(connection, this).RunAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>A conversation over one wire.</summary>
    internal abstract BoxTalk Converse(string peer, FrameRing ring, Action flush);

    internal void Count(string verdict) => _frames.AddOrUpdate(verdict, 1, static (_, n) => n + 1);

    internal void CountForeign(long bytes) => Interlocked.Add(ref _foreignBytes, bytes);

    /// <summary>The station of that name, made at its first frame; made anew when the ledger says something else of it since.</summary>
    /// <param name="deviceKind">What it says it is, for one that nobody registered.</param>
    /// <param name="fits">The profiles that can read it.</param>
    /// <returns>Null when there are too many strangers, or no profile reads it.</returns>
    internal BoxStation? StationOf(string station, string deviceKind, Func<BoxMapping, bool> fits, ReadOnlySpan<byte> sample, long atMs)
    {
        if (_stations.TryGetValue(station, out var known) && IsCurrent(known)) return known;
        lock (_growth)
        {
            if (_stations.TryGetValue(station, out known) && IsCurrent(known)) return known;
            bool isNew = false;
            int version = around.Directory.Version;
            var route = around.Directory.Find(kind, station) ?? around.Directory.Unregistered(kind, station, $"{name}-{station}", around.Directory.ProfileForBox(fits), out isNew);
            if (route is null) return null;
            if (isNew) around.Ingest.AppendEvent(LinkEventKind.Stranger, atMs, route.Index, stranger: new UnregisteredDevice(route.Index, name, station, deviceKind, Convert.ToHexString(sample[..Math.Min(sample.Length, 100)])));
            if (known is null || known.Route != route) _stations[station] = known = new BoxStation(station, route);
            known.Version = version;
            return known;
        }
    }

    /// <summary>Whether the ledger still says the same of it as when it was looked up.</summary>
    internal bool IsCurrent(BoxStation station) => station.Version == around.Directory.Version;
}

/// <summary>What a link of black boxes stands between.</summary>
/// <param name="Zone">The site's time zone: the boxes' clocks are civil.</param>
/// <param name="ClockIsSane">Whether our own clock may be given to others.</param>
public sealed record BoxSurroundings(
    TimeZoneInfo Zone, DeviceDirectory Directory, IngestBuffer Ingest, TextTable Texts, GatewayClock Clock, RefusedMessages Refused, FrameRings Rings, Func<bool> ClockIsSane)
{
    /// <summary>Civil time of the site now, whole seconds.</summary>
    internal DateTime CivilNow()
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(Clock.NowMs() / 1000 * 1000);
        return DateTime.SpecifyKind(utc.UtcDateTime + Zone.GetUtcOffset(utc), DateTimeKind.Unspecified);
    }

    internal long MsOf(DateTime civil) => new DateTimeOffset(civil, Zone.GetUtcOffset(civil)).ToUnixTimeMilliseconds();
}

internal static partial class BoxLinkLog
{
    [LoggerMessage(2150, LogLevel.Warning, "{Link}: more than {Max} connections, one turned away")]
    public static partial void TooMany(ILogger log, string link, int max);
}
