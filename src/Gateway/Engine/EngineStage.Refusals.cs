using Gateway.Ingest;
using Gateway.Store;

namespace Gateway.Engine;

/// <summary>What the stage does while the disk refuses: judge and raise alarms all the same, acknowledge nothing, hold what is not on disk, offer it again.</summary>
public sealed partial class EngineStage
{
    /// <summary>Cause and subject of the alarm that stands while the disk refuses.</summary>
    internal const string StoreCause = "store";

    /// <summary>While messages come fast, so many rounds pass between two offers to a disk that refused: an offer that fails costs as much as one that works.</summary>
    private const int RoundsBetweenOffers = 16;

    /// <summary>Key of the state: lines before this were given up under the budget and recorded.</summary>
    private const string TrimmedTo = "trimmed_to";

    private readonly WithheldRounds _withheld = new();
    private readonly SortedDictionary<string, string> _refusing = new(StringComparer.Ordinal);
    private readonly ReserveFile _reserve;
    private readonly CommittedMark _mark;
    private int _roundsSinceOffer;

    /// <summary>Offers what is withheld, then this batch.</summary>
    /// <returns>True when everything up to the end of the batch is on disk.</returns>
    private bool CommitTelemetry(IngestBatch batch, bool offer)
    {
        if (!_withheld.Lines && batch.LineCount == 0) return true;
        bool first = !_withheld.Lines;
        if (first || offer)
        {
            _roundsSinceOffer = 0;
            if (_withheld.Offer(c => TryAppend(c.Lines.WrittenSpan, c.Count, c.ReceivedMs)) && (batch.LineCount == 0 || TryAppend(batch.Lines, batch.LineCount, batch.FirstReceivedMs))) return true;
        }
        _withheld.KeepLines(batch);
        return false;
    }

    private bool TryAppend(ReadOnlySpan<byte> lines, int count, long receivedMs)
    {
        // A file found damaged now is recovered before the lines are offered again.
        if (StoreFiles.Suspicion(_options.TelemetryPath) is { } found && _refusing.ContainsKey(TelemetryStore.Name)) TryRepair(TelemetryStore.Name, found);
        try
        {
            // While the reserve is in use, what room there is belongs to the alarms.
            if (!_reserve.TryHold()) throw new StoreException(0, $"{_options.Directory}: the disk is full; what room is left is kept for alarms");
            _telemetry.Append(lines, count, receivedMs);
        }
        catch (StoreException refused)
        {
            Refuses(TelemetryStore.Name, refused);
            return false;
        }
        _mark.Write(_telemetry.NextLine);
        Works(TelemetryStore.Name);
        Volatile.Write(ref _committedLines, _telemetry.NextLine);
        Committed?.Invoke();
        return true;
    }

    /// <summary>Commits the store beside ours, after the telemetry: what it promised a device must never be on disk without that.</summary>
    /// <returns>False when it refused; <paramref name="any"/>: there was something to commit.</returns>
    private bool TryCommitBeside(out bool any)
    {
        any = _beside is { HasWork: true };
        if (!any) return true;
        try
        {
            _beside!.Commit();
        }
        catch (StoreException refused)
        {
            Refuses(_beside!.Name, refused);
            return false;
        }
        Works(_beside.Name);
        return true;
    }

    private void Acknowledge(IngestBatch batch)
    {
        foreach (var (sink, token) in _withheld.Acks)
            if (sink.Committed(token)) _toFlush.Add(sink);
        _withheld.Acknowledged();
        foreach (var (sink, token) in batch.Acks)
            if (sink.Committed(token)) _toFlush.Add(sink);
        foreach (var sink in _toFlush) sink.Flush();
        _toFlush.Clear();
    }

    private void Refuses(string file, StoreException refused)
    {
        bool first = _refusing.Count == 0, known = _refusing.ContainsKey(file);
        _refusing[file] = refused.Message;
        _storeFault = string.Join("; ", _refusing.Values);
        if (first) Log.StoreRefuses(_log, refused.Message);
        // A command that holds the file for a moment is worth no alarm.
        if (!known && !refused.IsBusy) _engine.ConditionRaised(StoreCause, StoreCause, refused.Message, Now());
    }

    private void Works(string file)
    {
        if (_refusing.Count == 0 || !_refusing.Remove(file)) return;
        _storeFault = _refusing.Count == 0 ? null : string.Join("; ", _refusing.Values);
        if (_refusing.Count > 0) return;
        Log.StoreWorks(_log);
        _engine.ConditionOver(StoreCause, StoreCause, Now());
    }
}
