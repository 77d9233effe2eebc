using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Gateway.Engine;
using Gateway.Engine.Views;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Feeds all viewers of the event stream: each event is encoded once, transitions reach everybody once and in order, readings are lossy, nobody upstream waits.</summary>
internal sealed partial class EventHub : IDisposable
{
    /// <summary>A viewer that is this many events behind is cut off; its browser reconnects and resumes.</summary>
    private const int ViewerEventsMax = 2_000;

    private static readonly TimeSpan ReadingsEvery = TimeSpan.FromSeconds(1);
    private const int TickEverySeconds = 5;

    private readonly ConcurrentDictionary<Channel<StreamEvent>, byte> _viewers = new();
    private readonly EngineStage _engine;
    private readonly SiteReporter _reporter;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Dictionary<string, DeviceView> _sent = new(StringComparer.Ordinal);
    private string _siteSent = "";
    private long _cutOff;
    private Task _pump = Task.CompletedTask;

    public EventHub(EngineStage engine, SiteReporter reporter, TimeProvider time)
    {
        (_engine, _reporter, _time) = (engine, reporter, time);
        _engine.Published += OnPublished;
    }

    public int Viewers => _viewers.Count;

    /// <summary>Viewers cut off because they did not keep up.</summary>
    public long CutOff => Interlocked.Read(ref _cutOff);

    public void Start() => _pump = PumpAsync();

    public Channel<StreamEvent> Join()
    {
        var viewer = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(ViewerEventsMax) { SingleReader = true });
        _viewers.TryAdd(viewer, 0);
        return viewer;
    }

    public void Leave(Channel<StreamEvent> viewer) => _viewers.TryRemove(viewer, out _);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        foreach (var viewer in _viewers.Keys) viewer.Writer.TryComplete();
    }

    public void Dispose() => _stop.Dispose();

    public static StreamEvent Encode<T>(string name, T data, JsonTypeInfo<T> type, long seq = 0) => Encode(name, JsonSerializer.SerializeToUtf8Bytes(data, type), seq);

    public static StreamEvent Encode(string name, ReadOnlySpan<byte> json, long seq)
    {
        var bytes = new ArrayBufferWriter<byte>(json.Length + 64);
        if (seq > 0) bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {seq}\n")));
        bytes.Write(Encoding.ASCII.GetBytes($"event: {name}\ndata: "));
        bytes.Write(json);
        bytes.Write("\n\n"u8);
        return new StreamEvent(seq, bytes.WrittenMemory);
    }

    /// <summary>On the engine's thread: encode once, offer to each, wait for none.</summary>
    private void OnPublished(PublishedTransition transition)
    {
        if (!_viewers.IsEmpty) Offer(Encode(transition.Kind, transition.Body, transition.Seq));
    }

    private void Offer(StreamEvent e)
    {
        foreach (var viewer in _viewers.Keys)
        {
            if (viewer.Writer.TryWrite(e)) continue;
            _viewers.TryRemove(viewer, out _);
            if (viewer.Writer.TryComplete()) Interlocked.Increment(ref _cutOff);
        }
    }

    private async Task PumpAsync()
    {
        using var timer = new PeriodicTimer(ReadingsEvery, _time);
        try
        {
            for (long second = 1; await timer.WaitForNextTickAsync(_stop.Token); second++)
            {
                OfferLedger();
                if (_viewers.IsEmpty) continue;
                var view = await _engine.ViewAsync();
                OfferReadings(view);
                OfferSite(view);
                if (second % TickEverySeconds == 0) Offer(Encode("tick", new TickDto(_reporter.Now(), view.Seq), ApiJson.Default.TickDto));
            }
        }
        catch (OperationCanceledException)
        {
            // The console stops.
        }
    }

    private void OfferReadings(SiteView view)
    {
        var changed = view.Devices.Where(d => !_sent.TryGetValue(d.Id, out var before) || before.LastMessageAt != d.LastMessageAt)
            .Select(d => new DeviceReadingsDto(d.Id, d.LastMessageAt, d.Values)).ToList();
        _sent = view.Devices.ToDictionary(d => d.Id, StringComparer.Ordinal);
        if (changed.Count > 0) Offer(Encode("readings", new ReadingsDto(_reporter.Now(), changed), ApiJson.Default.ReadingsDto));
    }

    /// <summary>Sent when something a person would see changed, not because a counter or the clock went on.</summary>
    private void OfferSite(SiteView view)
    {
        var site = _reporter.Site(view);
        var (devices, operators) = (view.Compliance.Devices, view.Compliance.Operators);
        string seen = string.Join('|', devices.Numerator, devices.Denominator, string.Join(',', devices.Missing.Select(m => m.Id)), operators.Rate,
            string.Join(',', operators.Missing.Select(m => m.Id)), view.Compliance.Insurance.Met, site.Store.Fault, site.Store.DroppedLines,
            string.Join(',', site.Uplinks.Select(u => $"{u.State}{u.LastError}{u.QueuedLines / 1000}")), string.Join(',', site.Brokers.Select(b => $"{b.State}{b.LastError}")), string.Join(',', view.Unregistered.Select(u => u.Address)), site.Ledger.PendingRestart, site.Ledger.Problems.Count,
            _reporter.Now().ToUnixTimeSeconds() / 10);
        if (seen == _siteSent) return;
        _siteSent = seen;
        Offer(Encode("site", new SiteEventDto(site, view.Unregistered), ApiJson.Default.SiteEventDto));
    }
}

/// <summary>One encoded event; <paramref name="Seq"/> 0 = has none.</summary>
internal readonly record struct StreamEvent(long Seq, ReadOnlyMemory<byte> Bytes);
