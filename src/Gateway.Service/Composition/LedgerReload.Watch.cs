using System.Text.Json;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Ingest;
using Gateway.Service.LiveConsole.Api;
using Gateway.Store;

namespace Gateway.Service.Composition;

/// <summary>The ledger's files, which an operator or another program may change at any time.</summary>
internal sealed partial class LedgerReload
{
    /// <summary>Cause of the alarm on a ledger that is not valid.</summary>
    public const string InvalidCause = "ledger";

    /// <summary>Who it was, as far as a file tells.</summary>
    private const string ByFile = "file";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    // Nothing is taken on trust: the file may have changed since the process read it.
    private string _seen = "";
    private string? _doubted;
    private bool _sayNotNow = true;

    /// <summary>Looks at the files until cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookEvery, clock.Time);
        while (await timer.WaitForNextTickAsync(cancel)) await LookAsync();
    }

    /// <summary>Takes over what lies there, if it is another than before and valid.</summary>
    internal async Task LookAsync()
    {
        await _one.WaitAsync();
        try
        {
            await LookOnceAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task LookOnceAsync()
    {
        string place = configuration.Resolve(configuration.Gateway.Ledger), stamp = LedgerFiles.StampOf(place);
        if (stamp == _seen) return;
        var problems = new Problems();
        var document = LedgerFiles.Read(place, problems);
        if (document is null) Refuse(stamp, problems.Items);
        else if (document.Sha256 == Written.Sha256) Agree(stamp);
        else
        {
            var preview = LedgerPreview.Of(configuration, _model, document);
            if (preview.Model is null) Refuse(stamp, preview.Problems);
            else if (await TryTakeUpAsync(preview, preview.Model)) Agree(stamp);
        }
    }

    /// <returns>False when the disk refuses: the next look tries again.</returns>
    private async Task<bool> TryTakeUpAsync(LedgerPreview preview, SiteModel next)
    {
        try
        {
            if (JournalledLast() != next.LedgerSha256) await LedgerWriter.JournalAsync(configuration, Written, next.Document, LedgerComparison.Of(_written.Ledger, next.Ledger), ByFile, "", JournalAsync);
            await TakeOverAsync(next, preview.Changes);
            return true;
        }
        catch (Exception refused) when (refused is StoreException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            if (_sayNotNow) Log.NotNow(log, refused.Message);
            _sayNotNow = false;
            return false;
        }
    }

    /// <summary>Version after the newest row of the chain: who applies a ledger by command writes the row himself.</summary>
    private string? JournalledLast() =>
        reader.Journal("ledger", long.MaxValue, 1).Bodies is [var body] ? JsonSerializer.Deserialize(body, LedgerJson.Default.LedgerRow)?.After : null;

    private void Agree(string stamp)
    {
        (_seen, _doubted, _sayNotNow) = (stamp, null, true);
        ShowStatus(_status with { Problems = [] });
    }

    /// <summary>An editor may be half way through the file: it is wrong when it is still wrong at the next look.</summary>
    private void Refuse(string stamp, IReadOnlyList<Problem> problems)
    {
        if (_doubted != stamp)
        {
            _doubted = stamp;
            return;
        }
        (_seen, _doubted) = (stamp, null);
        Log.Invalid(log, string.Join("; ", problems.Select(Words)));
        ShowStatus(_status with { Problems = problems });
    }

    /// <summary>Where there are problems now and were none, or the other way round, the alarm follows.</summary>
    private void ShowStatus(LedgerStatus status)
    {
        bool was = _status.Problems.Count > 0, wrong = status.Problems.Count > 0;
        _status = status;
        if (was == wrong) return;
        string reason = wrong ? Words(status.Problems[0]) : "";
        ingest.AppendEvent(wrong ? LinkEventKind.ConditionRaised : LinkEventKind.ConditionOver, clock.NowMs(), text: LedgerFiles.JsonName, cause: InvalidCause, reason: reason);
    }

    private static string Words(Problem problem) => $"{problem.File} {problem.Place}: {problem.Text}";
}
