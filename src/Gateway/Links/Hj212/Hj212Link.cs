using System.Collections.Concurrent;
using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Ingest;
using Gateway.Links.Frames;
using Gateway.Links.Hj212.Recall;
using Gateway.Protocols.Hj212;
using Gateway.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Hj212;

/// <summary>
/// HJ 212: data loggers connect or hang on a serial line, send frames, get 9014 once their data is on disk, and are asked for what is missing. The TCP sockets are Kestrel's.
/// </summary>
/// <param name="zone">The site's time zone: DataTime is local civil time without one.</param>
public sealed class Hj212Link(
    Hj212Options options, TimeZoneInfo zone, DeviceDirectory directory, IngestBuffer ingest, GatewayClock clock, RefusedMessages refused, FrameRings rings, IHj212Memory memory, ILogger<Hj212Link> log)
    : ConnectionHandler, IDisposable
{
    public const string Name = "hj212";

    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    /// <summary>How far histories are known is written down this often: after a crash so much of them is asked for once more.</summary>
    private const long RememberEveryMs = 30_000;

    private readonly ConcurrentDictionary<string, Hj212Device> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Hj212Talk, bool> _talks = new();
    private readonly ConcurrentDictionary<string, long> _frames = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Mn, string Cn), bool> _refusalsSaid = new();
    private readonly Lock _growth = new();
    private ITimer? _timer;
    private long _rememberedMs;
    private int _connections;
    private int _remembering;
    private long _foreignBytes;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Bytes that belonged to no frame: DTU registration, noise, torn frames.</summary>
    public long ForeignBytes => Interlocked.Read(ref _foreignBytes);

    /// <summary>Frames by verdict: the CRC they carried (standard, modbus …) or what was wrong with them, and what their flags said.</summary>
    public IEnumerable<KeyValuePair<string, long>> Frames => _frames;

    /// <summary>Whether our own clock may be given to devices.</summary>
    public Func<bool> ClockIsSane { get; init; } = static () => true;

    internal Hj212Options Options => options;

    internal IngestBuffer Ingest => ingest;

    internal GatewayClock Clock => clock;

    internal RefusedMessages Refused => refused;

    internal FrameRings Rings => rings;

    internal TimeZoneInfo Zone => zone;

    /// <summary>Every device that has spoken since the process began.</summary>
    public IReadOnlyList<Hj212DeviceStatus> Status()
    {
        long nowMs = clock.NowMs();
        return [.. _devices.Values.Select(d => d.Status(nowMs)).OrderBy(s => s.Mn, StringComparer.Ordinal)];
    }

    public void Start() => _timer = clock.Time.CreateTimer(_ => Tick(), null, TickEvery, TickEvery);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (Interlocked.Increment(ref _connections) > options.ConnectionsMax)
        {
            Interlocked.Decrement(ref _connections);
            Hj212LinkLog.TooMany(log, options.ConnectionsMax);
            return;
        }
        var conversation = new Hj212Connection(connection, this);
        Begin(conversation.Talk);
        try
        {
            await conversation.RunAsync();
        }
        finally
        {
            End(conversation.Talk);
            Interlocked.Decrement(ref _connections);
        }
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Lets time pass for every conversation, and writes down how far histories are known.</summary>
    internal void Tick()
    {
        long nowMs = clock.NowMs();
        foreach (var talk in _talks.Keys) talk.Tick(nowMs);
        if (nowMs - _rememberedMs < RememberEveryMs) return;
        _rememberedMs = nowMs;
        _ = RememberAsync();
    }

    /// <summary>Completes when it is on disk how far the history of each device is known, or the disk refused; then it is tried again.</summary>
    public async Task RememberAsync()
    {
        if (Interlocked.Exchange(ref _remembering, 1) == 1) return;
        var changed = new List<(string Mn, string Text)>();
        try
        {
            foreach (var device in _devices.Values)
                if (device.Dialogue.TakeChanges() is { } text) changed.Add((device.Mn, text));
            if (changed.Count > 0) await memory.RememberAsync(changed);
        }
        catch (StoreException refusal)
        {
            foreach (var (mn, _) in changed) _devices[mn].Dialogue.NotKept();
            Hj212LinkLog.NotRemembered(log, refusal.Message);
        }
        finally
        {
            Volatile.Write(ref _remembering, 0);
        }
    }

    internal void Begin(Hj212Talk talk) => _talks[talk] = true;

    internal void End(Hj212Talk talk) => _talks.TryRemove(talk, out _);

    internal void Count(string verdict) => _frames.AddOrUpdate(verdict, 1, static (_, n) => n + 1);

    internal void CountForeign(long bytes) => Interlocked.Add(ref _foreignBytes, bytes);

    /// <summary>Whether the checksum is one this device may use; a frame that may be anybody's makes nobody known.</summary>
    internal bool Believes(ReadOnlySpan<byte> mn, Hj212CrcVerdict crc, out Hj212Device? known)
    {
        string name = Encoding.ASCII.GetString(mn);
        if (_devices.TryGetValue(name, out known) && IsCurrent(known)) return known.Believes(crc);
        return Hj212Device.Believes(directory.Find(LinkKind.Hj212, name)?.Device?.Hj212.Crc ?? Hj212CrcRule.Any, crc);
    }

    /// <summary>The device of an MN, made at its first frame; made anew when the ledger says something else of it since.</summary>
    /// <returns>Null when there are too many strangers.</returns>
    internal Hj212Device? DeviceOf(string mn, ReadOnlySpan<byte> sample, long atMs)
    {
        if (_devices.TryGetValue(mn, out var known) && IsCurrent(known)) return known;
        bool isNew = false;
        int version = directory.Version;
        var route = directory.Find(LinkKind.Hj212, mn)
            ?? directory.Unregistered(LinkKind.Hj212, mn, mn.Length == 0 ? "no-mn" : mn, directory.ProfileForUnregistered("dust", LinkKind.Hj212), out isNew);
        if (route is null) return null;
        if (isNew) ingest.AppendEvent(LinkEventKind.Stranger, atMs, route.Index, stranger: new Engine.UnregisteredDevice(route.Index, Name, mn, "dust", Encoding.UTF8.GetString(sample[..Math.Min(sample.Length, 200)])));
        lock (_growth)
        {
            if (!_devices.TryGetValue(mn, out known) || known.Route != route) _devices[mn] = known = new Hj212Device(mn, route, DialogueOf(mn, route));
            known.Version = version;
            return known;
        }
    }

    private bool IsCurrent(Hj212Device device) => device.Version == directory.Version;

    internal void DeviceUp(DeviceRoute device, long atMs) => ingest.AppendEvent(LinkEventKind.Up, atMs, device.Index);

    internal void DeviceDown(DeviceRoute device, long atMs) => ingest.AppendEvent(LinkEventKind.Down, atMs, device.Index);

    private Hj212Dialogue DialogueOf(string mn, DeviceRoute route)
    {
        var device = route.Device;
        bool sets = device?.Hj212.SetIntervals == true;
        int seconds = (device?.ExpectedMs ?? 0) / 1000;
        var rules = new Hj212Rules(device is not null, device is not null && options.SetTime, sets && seconds is >= Hj212Limits.RtdIntervalMin and <= Hj212Limits.RtdIntervalMax ? seconds : null,
            sets ? device!.Hj212.MinuteInterval : null, device?.OfflineAfterMs ?? long.MaxValue / 2, zone) { ClockIsSane = ClockIsSane };
        return new Hj212Dialogue(mn, rules, new RecallBook(device is null ? 0 : options.RecallDaysMax, device is null ? null : memory.Recall(mn)), (cn, why) =>
        {
            Count("refused");
            if (_refusalsSaid.TryAdd((mn, cn), true)) Hj212LinkLog.Refused(log, route.Id, cn, why);
        });
    }
}

internal static partial class Hj212LinkLog
{
    [LoggerMessage(2100, LogLevel.Warning, "HJ 212: more than {Max} connections, one turned away")]
    public static partial void TooMany(ILogger log, int max);

    [LoggerMessage(2101, LogLevel.Warning, "HJ 212: {Device} was asked for {Cn} and {Why}; this is said once")]
    public static partial void Refused(ILogger log, string device, string cn, string why);

    [LoggerMessage(2102, LogLevel.Warning, "HJ 212: how far histories are known could not be written down, they may be recalled once more: {Why}")]
    public static partial void NotRemembered(ILogger log, string why);
}
