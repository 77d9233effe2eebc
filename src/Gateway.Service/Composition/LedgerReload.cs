using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;

namespace Gateway.Service.Composition;

/// <summary>
/// The one way by which a ledger comes into force while the gateway runs, whoever brings it: a person through the console, another program through the file. One at a time; an invalid
/// one changes nothing.
/// </summary>
/// <param name="model">The site as the process began with it.</param>
/// <param name="followers">Links and others that take a ledger over once engine and directory have it; in order.</param>
internal sealed partial class LedgerReload(
    GatewayConfiguration configuration, SiteModel model, DeviceDirectory directory, EngineStage engine, IReadOnlyList<Action<SiteLedger>> followers, StateReader reader, IngestBuffer ingest, GatewayClock clock,
    ILogger<LedgerReload> log) : IDisposable
{
    /// <summary>A disk that refuses must not keep a person waiting for ever.</summary>
    private static readonly TimeSpan JournalLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1);
    // What lies in the file and was accepted; another than the one in force while a restart is pending.
    private volatile SiteModel _written = model;
    private volatile SiteModel _model = model;
    private volatile LedgerStatus _status = new(model.LedgerSha256, DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), [], PendingRestart: false);

    /// <summary>The site as it is in force.</summary>
    public SiteModel Model => _model;

    /// <summary>The ledger as it was last accepted: what the next change is made to.</summary>
    public LedgerDocument Written => _written.Document;

    public LedgerStatus Status => _status;

    /// <summary>What another ledger would change in what is in force.</summary>
    public LedgerPreview Preview(ReadOnlyMemory<byte> utf8) => LedgerPreview.Of(configuration, _model, DocumentOf(utf8));

    /// <summary>Writes a whole ledger and puts it in force, or leaves that to the restart it needs.</summary>
    /// <param name="expected">Version it was made from.</param>
    /// <param name="who">Name for journal and audit.</param>
    /// <exception cref="StoreException">The journal takes no rows, or the gateway is stopping.</exception>
    /// <exception cref="TimeoutException">The disk takes no writes now; nothing was changed.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public Task<LedgerOutcome> PutAsync(ReadOnlyMemory<byte> utf8, string expected, string who, string note) =>
        InTurnAsync(async () =>
        {
            // What somebody wrote into the file a moment ago must not be written over unseen.
            await LookOnceAsync();
            return Written.Sha256 == expected ? await WriteAsync(DocumentOf(utf8), who, note) : new LedgerOutcome(LedgerRefusal.Stale, null, Written.Sha256, null, Applied: false);
        });

    /// <summary>Adds a device that was heard to the ledger as it was last accepted.</summary>
    /// <inheritdoc cref="PutAsync" path="/exception"/>
    public Task<LedgerOutcome> AdoptAsync(Adoption adoption, string who, string note) => InTurnAsync(async () =>
    {
        await LookOnceAsync();
        return await WriteAsync(Written.WithDevice(adoption.ToEntry()), who, note);
    });

    public void Dispose() => _one.Dispose();

    private static LedgerDocument DocumentOf(ReadOnlyMemory<byte> utf8) => LedgerDocument.Of(LedgerFiles.JsonName, utf8, []);

    private async Task<LedgerOutcome> InTurnAsync(Func<Task<LedgerOutcome>> act)
    {
        if (!await _one.WaitAsync(JournalLimit)) throw new TimeoutException();
        try
        {
            return await act();
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<LedgerOutcome> WriteAsync(LedgerDocument document, string who, string note)
    {
        string before = Written.Sha256;
        var preview = LedgerPreview.Of(configuration, _model, document);
        if (preview.Model is null) return new LedgerOutcome(LedgerRefusal.Invalid, preview, before, null, Applied: false);
        var written = await LedgerWriter.WriteAsync(configuration, Written, document, LedgerComparison.Of(_written.Ledger, preview.Model.Ledger), who, note, JournalAsync);
        bool applied = await TakeOverAsync(preview.Model with { Document = written }, preview.Changes);
        return new LedgerOutcome(LedgerRefusal.None, preview, before, written.Sha256, applied);
    }

    /// <returns>False when it waits for a restart.</returns>
    private async Task<bool> TakeOverAsync(SiteModel next, IReadOnlyList<LedgerChange> changes)
    {
        _written = next;
        bool pending = changes.Any(c => c.NeedsRestart);
        if (!pending && changes.Count > 0)
        {
            await engine.ApplyLedgerAsync(next.Ledger, directory.Prepare(next.Ledger));
            foreach (var follow in followers) follow(next.Ledger);
        }
        if (!pending) _model = next;
        var since = pending || next.LedgerSha256 == _status.Hash ? _status.Since : DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        ShowStatus(new LedgerStatus(_model.LedgerSha256, since, [], pending));
        if (pending) Log.Pending(log, next.LedgerSha256);
        else Log.InForce(log, next.LedgerSha256, changes.Count);
        return !pending;
    }

    /// <summary>A row for the chain; one that was given up on is not written later either.</summary>
    private async Task JournalAsync(Action<StateStore, long> step)
    {
        bool givenUp = false;
        try
        {
            await engine.WriteAsync((state, nowMs) =>
            {
                if (!Volatile.Read(ref givenUp)) step(state, nowMs);
            }).WaitAsync(JournalLimit, clock.Time);
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref givenUp, true);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Information, "Ledger {Hash} is in force, {Changes} changes")]
        public static partial void InForce(ILogger log, string hash, int changes);

        [LoggerMessage(21, LogLevel.Warning, "Ledger {Hash} is valid and waits for a restart")]
        public static partial void Pending(ILogger log, string hash);

        [LoggerMessage(22, LogLevel.Warning, "The ledger was changed and is not valid, nothing of it is in force: {Problems}")]
        public static partial void Invalid(ILogger log, string problems);

        [LoggerMessage(23, LogLevel.Warning, "The ledger was changed and cannot be taken over now, trying again: {Why}")]
        public static partial void NotNow(ILogger log, string why);
    }
}
