using System.Threading.Channels;
using Gateway.Bureau.Reports;
using Gateway.Bureau.Wire;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Store;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging;

namespace Gateway.Bureau;

/// <summary>All that works for one bureau: reads the outbox, keeps the connection, reports, answers, advances the cursor with each 9014.</summary>
internal sealed class BureauLoop : IDisposable
{
    private const int ReadBytes = 4_096;
    private const int ChunksWaitingMax = 64;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(60);

    /// <summary>A platform that cannot be reached or does not acknowledge for longer than this is an alarm.</summary>
    private const long DownAfterMs = 60_000;

    private readonly BureauOptions _options;
    private readonly IReadOnlyList<Station> _stations;
    private readonly SiteCalendar _calendar;
    private readonly IReportStore _store;
    private readonly ReportBook _book;
    private readonly BureauSettings _settings;
    private readonly LaneSource _source;
    private readonly LineIntake _intake;
    private readonly LaneProgress _progress;
    private readonly IBureauNetwork _network;
    private readonly TargetCondition _condition;
    private readonly Func<long> _committed;
    private readonly GatewayClock _clock;
    private readonly ILogger _log;
    private readonly string _password;
    private long _read;
    private long _failingSinceMs;
    private long _requests;
    private volatile string _state = "connecting";
    private volatile string? _lastError;
    private long _acknowledgedMs;
    private long _reported;

    public BureauLoop(BureauOptions options, string password, IReadOnlyList<DeviceRoute> routes, TimeZoneInfo zone, IReportStore store, LaneSource source, LaneProgress progress, IBureauNetwork network,
        TargetCondition condition, Func<long> committed, GatewayClock clock, ILogger log)
    {
        (_options, _password, _store, _source, _progress, _network, _condition, _committed, _clock, _log) = (options, password, store, source, progress, network, condition, committed, clock, log);
        (_stations, _calendar) = (Station.Of(options, routes), new SiteCalendar(zone));
        _book = new ReportBook(options, _stations, _calendar, store);
        _settings = new BureauSettings(options, store, _book);
        _intake = new LineIntake(_stations, _book, source);
        _read = progress.Next;
    }

    public string Name => _options.Name;

    public BureauFigures Figures() => new(_options.Name, $"{_options.Host}:{_options.Port}", _state, _lastError, Volatile.Read(ref _acknowledgedMs) is > 0 and var ms ? ms : null, _owed.Count, _owed.OldestMs,
        Interlocked.Read(ref _reported), Interlocked.Read(ref _requests), Math.Max(0, _committed() - _progress.Settled));

    // What the figures show of the book, which has one owner.
    private volatile Owing _owed = new(0, null);

    public async Task RunAsync(CancellationToken cancel)
    {
        await PoolHop.Await();
        _book.Restore(_clock.NowMs());
        var retry = RetryFirst;
        while (!cancel.IsCancellationRequested)
        {
            long before = _reported;
            string why = await ServeAsync(cancel);
            if (cancel.IsCancellationRequested) return;
            Failed(why);
            retry = _reported > before ? RetryFirst : retry * 2 < RetryMax ? retry * 2 : RetryMax;
            for (long untilMs = _clock.NowMs() + (long)retry.TotalMilliseconds; _clock.NowMs() < untilMs && !cancel.IsCancellationRequested;)
            {
                // Lines of others must not wait on a platform that is away.
                ReadLines();
                await Task.Delay(LookEvery, _clock.Time, cancel);
            }
        }
    }

    public void Dispose() => _source.Dispose();

    /// <summary>One connection, from its beginning to its end.</summary>
    /// <returns>Why it ended.</returns>
    private async Task<string> ServeAsync(CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            using var limit = new CancellationTokenSource(ConnectLimit, _clock.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
            using var connection = await ConnectAsync(either.Token);
            _state = "connected";
            var inbox = Channel.CreateBounded<byte[]>(ChunksWaitingMax);
            var reading = ReadAsync(connection, inbox.Writer, over.Token);
            string why = await TalkAsync(connection, inbox, over.Token);
            await over.CancelAsync();
            await reading;
            return why;
        }
        catch (IOException lost)
        {
            return lost.Message;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"no connection within {ConnectLimit.TotalSeconds} s";
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private Task<IBureauConnection> ConnectAsync(CancellationToken cancel) => _network.ConnectAsync(_options.Host, _options.Port, cancel);

    private async Task<string> TalkAsync(IBureauConnection connection, Channel<byte[]> inbox, CancellationToken cancel)
    {
        var talk = new BureauTalk(_options, _stations, _calendar, _settings, _store, _password);
        using var look = _clock.Time.CreateTimer(_ => inbox.Writer.TryWrite([]), null, LookEvery, LookEvery);
        while (true)
        {
            ReadLines();
            talk.Tick(_clock.NowMs());
            if (talk.GaveUp) return $"a report was not acknowledged after {_settings.ReCount} repeats every {_settings.OverTimeSeconds} s";
            if (talk.IsFree && _book.Next(_clock.NowMs()) is { } report) talk.Send(report, _clock.NowMs());
            while (talk.TryNext(out byte[] frame)) await connection.WriteAsync(frame, cancel);
            if (!await inbox.Reader.WaitToReadAsync(cancel)) return "the platform closed the connection";
            while (inbox.Reader.TryRead(out byte[]? chunk))
                if (talk.Take(chunk, _clock.NowMs()) is { } acknowledged) await AcknowledgedAsync(acknowledged);
            Interlocked.Exchange(ref _requests, talk.Requests);
            await KeepSettingsAsync();
        }
    }

    /// <summary>Hands over what comes; the end of the connection ends the channel.</summary>
    private static async Task ReadAsync(IBureauConnection connection, ChannelWriter<byte[]> inbox, CancellationToken cancel)
    {
        try
        {
            byte[] buffer = new byte[ReadBytes];
            for (int read; (read = await connection.ReadAsync(buffer, cancel)) > 0;) await inbox.WriteAsync(buffer[..read], cancel);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The talking half sees the channel end, and says why.
        }
        finally
        {
            inbox.TryComplete();
        }
    }

    /// <summary>Reads up to the end of what is on disk, and lets the cursor go as far as it may.</summary>
    private void ReadLines()
    {
        bool more = true;
        while (more && _book.Owed < ReportBook.OwedMax) (_read, more) = _intake.Read(_read);
        long cursor = _book.Cursor(_read);
        if (cursor > _progress.Next)
        {
            _progress.Answered(new LineRange(_progress.Next, cursor), SendWay.Live, null, _clock.NowMs(), null, []);
            // 9014 is the platform's word that it has it: there is no more to wait for.
            _progress.SettleByTime(_clock.NowMs(), 0);
        }
        _owed = new Owing(_book.Owed, _book.OldestOwedMs);
    }

    /// <summary>What was acknowledged is written down before the cursor passes it.</summary>
    private async Task AcknowledgedAsync(Report report)
    {
        long nowMs = _clock.NowMs();
        try
        {
            await _store.SaveAsync(report.Row);
            _book.Acknowledged(report);
        }
        catch (StoreException refused)
        {
            BureauLog.NotKept(_log, _options.Name, refused.Message);
            _book.NotKept(nowMs);
            return;
        }
        Volatile.Write(ref _acknowledgedMs, nowMs);
        Interlocked.Increment(ref _reported);
        Works();
    }

    private async Task KeepSettingsAsync()
    {
        try
        {
            await _settings.Saved;
        }
        catch (StoreException refused)
        {
            BureauLog.NotKept(_log, _options.Name, refused.Message);
            _settings.Forget();
        }
    }

    private void Failed(string why)
    {
        long nowMs = _clock.NowMs();
        (_state, _lastError) = ("failing", why);
        if (_failingSinceMs == 0)
        {
            _failingSinceMs = nowMs;
            BureauLog.Failing(_log, _options.Name, why);
        }
        if (nowMs - _failingSinceMs >= DownAfterMs) _condition.Raise("reports", why);
    }

    private void Works()
    {
        if (_failingSinceMs == 0) return;
        BureauLog.Works(_log, _options.Name, (_clock.NowMs() - _failingSinceMs) / 1000.0);
        (_failingSinceMs, _lastError) = (0, null);
        _condition.Over("reports");
    }

    private sealed record Owing(int Count, long? OldestMs);
}
