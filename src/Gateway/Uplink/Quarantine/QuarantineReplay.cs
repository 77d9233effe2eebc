using System.Text;
using Gateway.Diagnostics;
using Gateway.Store;
using Gateway.Uplink.Checking;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;

namespace Gateway.Uplink.Quarantine;

/// <summary>Sends lines once more that a person asked for, out of quarantine. What the target takes leaves it; what fails again stays with the new words.</summary>
internal sealed class QuarantineReplay(string target, string statePath, GatewayClock clock) : IDisposable
{
    private const int RowsMax = 500;

    private readonly StateReader _reader = new(statePath);

    /// <summary>Done, but still on disk as asked for until the next commit. With their time: a line that was refused again has another, and may be asked for again.</summary>
    private readonly HashSet<(long Id, long AtMs)> _done = [];

    /// <returns>False when nobody asked for anything.</returns>
    public async Task<bool> RunAsync(BatchSender sender, LineCheck check, LaneProgress progress, CancellationToken cancel)
    {
        var rows = _reader.QuarantineToReplay(target, RowsMax);
        if (rows.Count == 0) _done.Clear();
        var asked = rows.Where(r => !_done.Contains((r.Id, r.AtMs))).ToList();
        if (asked.Count == 0) return false;
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        using var lines = new MemoryStream();
        foreach (var row in asked) lines.Write(row.Line);
        var sound = check.Run(lines.ToArray(), 0, clock.NowMs(), counts: null);
        foreach (var (line, fault) in check.Refused) refused[Key(line)] = fault.Words();
        await sender.SendAsync(sound, (line, words) => refused[Key(line.Span)] = words, cancel);
        foreach (var row in asked)
        {
            progress.Replayed(new ReplayedLine(row.Id, clock.NowMs(), refused.GetValueOrDefault(Key(row.Line))));
            _done.Add((row.Id, row.AtMs));
        }
        return true;
    }

    public void Dispose() => _reader.Dispose();

    private static string Key(ReadOnlySpan<byte> line) => Encoding.Latin1.GetString(line);
}
