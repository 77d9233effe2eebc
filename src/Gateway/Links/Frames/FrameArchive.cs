using System.Text.Json;
using System.Threading.Channels;
using Gateway.Diagnostics;
using Gateway.Domain.Alarms;
using Gateway.Domain.Ledger;
using Gateway.Engine;
using Gateway.Engine.Views;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Frames;

/// <summary>
/// Keeps the raw frames around every alarm that is raised: half a minute before it and ten seconds after it, of the bus or connection its device speaks on, in a file of its own.
/// </summary>
/// <remarks>
/// <b>Shape</b>: <c>frames/{alarm id}.json</c> below the store's folder, at most <see cref="FilesMax"/> files and <see cref="BytesMax"/> bytes; the oldest go.
/// <b>Errors</b>: a disk that refuses costs the frames of that alarm, counted and said once; nothing waits for them. They help to understand an alarm and prove nothing: the evidence chain does not hold them.
/// </remarks>
public sealed class FrameArchive : IDisposable
{
    public const int FilesMax = 500;
    public const long BytesMax = 32 * 1024 * 1024;

    private const string Suffix = ".json";
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly FrameRings _rings;
    private volatile Dictionary<string, string> _busOfDevice = [];
    private readonly string _folder;
    private readonly GatewayClock _clock;
    private readonly ILogger<FrameArchive> _log;
    // As many alarms as a flood brings in the seconds the disk may take; what does not fit is counted.
    private readonly Channel<byte[]> _raised = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly List<AlarmView> _waiting = [];
    private Task _running = Task.CompletedTask;
    private long _missed;
    private bool _refused;

    /// <param name="folder">Made when the first alarm is kept.</param>
    public FrameArchive(FrameRings rings, SiteLedger ledger, string folder, GatewayClock clock, ILogger<FrameArchive> log)
    {
        (_rings, _folder, _clock, _log) = (rings, folder, clock, log);
        Follow(ledger);
    }

    /// <summary>Takes over which device hangs on which bus.</summary>
    public void Follow(SiteLedger ledger) => _busOfDevice = ledger.Devices.Where(d => d.Bus is not null).ToDictionary(d => d.Id, d => d.Bus!, StringComparer.Ordinal);

    /// <summary>Alarms whose frames could not be kept.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Hand-over from the engine's thread, after the commit; never blocks.</summary>
    public void Published(PublishedTransition transition)
    {
        if (transition.Kind == "alarm" && !_raised.Writer.TryWrite(transition.Body)) Interlocked.Increment(ref _missed);
    }

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Keeps what is still waiting for its last seconds, as far as they have passed.</summary>
    public async Task StopAsync()
    {
        _raised.Writer.TryComplete();
        await _running;
    }

    public void Dispose() => _raised.Writer.TryComplete();

    /// <summary>What was kept of an alarm as JSON (<see cref="AlarmFrames"/>), or null.</summary>
    public byte[]? Read(string alarm)
    {
        // An id is letters, digits and hyphens: nothing else may become part of a path.
        if (alarm.Length is 0 or > 64 || alarm.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-')) return null;
        try
        {
            return File.ReadAllBytes(Path.Combine(_folder, alarm + Suffix));
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Frames of the wires a device or bus speaks on between two moments, as far as the rings still hold them.</summary>
    public IReadOnlyList<RingView> Around(SubjectView subject, DateTimeOffset from, DateTimeOffset to)
    {
        long fromUs = from.ToUnixTimeMilliseconds() * 1000, toUs = to.ToUnixTimeMilliseconds() * 1000;
        return [.. RingsOf(subject).Select(r => new RingView(r.Id, r.Protocol, [.. r.Since(0).Where(f => f.AtUs >= fromUs && f.AtUs <= toUs).Select(FrameView.Of)])).Where(r => r.Frames.Count > 0)];
    }

    /// <summary>Time of the oldest frame that the rings still hold of a device or bus; null when they hold none.</summary>
    public DateTimeOffset? Oldest(SubjectView subject) =>
        RingsOf(subject).SelectMany(r => r.Since(0, 1)).Select(f => (DateTimeOffset?)DateTimeOffset.FromUnixTimeMilliseconds(f.AtUs / 1000)).Min();

    private async Task RunAsync()
    {
        bool open = true;
        while (open)
        {
            var more = _raised.Reader.WaitToReadAsync().AsTask();
            if (_waiting.Count > 0) await Task.WhenAny(more, Task.Delay(LookEvery, _clock.Time));
            else await more;
            if (more.IsCompleted) open = await more;
            while (_raised.Reader.TryRead(out byte[]? body)) Take(JsonSerializer.Deserialize(body, ViewJson.Default.AlarmView)!);
            long due = _clock.NowMs() - (long)After.TotalMilliseconds;
            foreach (var alarm in _waiting.Where(a => !open || a.RaisedAt.ToUnixTimeMilliseconds() <= due).ToList()) Keep(alarm);
        }
    }

    private void Take(AlarmView alarm)
    {
        if (alarm.State == AlarmState.Unacked && alarm.ChangedAt == alarm.RaisedAt && RingsOf(alarm.Subject).Any()) _waiting.Add(alarm);
    }

    private IEnumerable<FrameRing> RingsOf(SubjectView subject)
    {
        string id = subject.Kind == SubjectKind.Device ? _busOfDevice.GetValueOrDefault(subject.Id, "") : subject.Id;
        if (subject.Kind is SubjectKind.Device or SubjectKind.Bus && _rings.Find(id) is { } bus) return [bus];
        return subject.Kind == SubjectKind.Device ? _rings.All.Where(r => r.Knows(subject.Id)) : [];
    }

    private void Keep(AlarmView alarm)
    {
        _waiting.Remove(alarm);
        var (from, to) = (alarm.RaisedAt - Before, alarm.RaisedAt + After);
        var rings = Around(alarm.Subject, from, to);
        if (rings.Count == 0) return;
        try
        {
            Directory.CreateDirectory(_folder);
            string path = Path.Combine(_folder, alarm.Id + Suffix), made = path + ".new";
            File.WriteAllBytes(made, JsonSerializer.SerializeToUtf8Bytes(new AlarmFrames(alarm.Id, alarm.Rule, alarm.Subject.Id, from, to, rings), FrameJson.Default.AlarmFrames));
            File.Move(made, path, overwrite: true);
            MakeRoom();
            _refused = false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _missed);
            if (!_refused) FrameArchiveLog.Refused(_log, alarm.Id, refused.Message);
            _refused = true;
        }
    }

    private void MakeRoom()
    {
        var files = new DirectoryInfo(_folder).GetFiles("*" + Suffix).OrderByDescending(f => f.LastWriteTimeUtc).ThenByDescending(f => f.Name, StringComparer.Ordinal).ToList();
        long bytes = 0;
        for (int i = 0; i < files.Count; i++)
        {
            bytes += files[i].Length;
            if (i >= FilesMax || bytes > BytesMax) files[i].Delete();
        }
    }
}

internal static partial class FrameArchiveLog
{
    [LoggerMessage(2130, LogLevel.Warning, "the raw frames around alarm {Alarm} could not be kept: {Why}; said once until it works again")]
    public static partial void Refused(ILogger log, string alarm, string why);
}
