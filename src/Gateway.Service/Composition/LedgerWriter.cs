using System.Text.Json;
using Gateway.Domain.Ledger;
using Gateway.Engine.Views;
using Gateway.Service.LiveConsole.Api;
using Gateway.Store;

namespace Gateway.Service.Composition;

/// <summary>Puts an accepted ledger in the place of the configured one: the old one is kept, the journal says who and why, then the file changes in one step.</summary>
internal static class LedgerWriter
{
    /// <summary>How many replaced ledgers are kept; the oldest go first.</summary>
    public const int KeptMax = 100;

    /// <summary>Changes that one journal row names; the hashes pin the rest.</summary>
    private const int ChangesJournalledMax = 200;

    /// <summary>Where replaced ledgers are kept.</summary>
    public static string KeptFolder(StoreOptions store) => Path.Combine(store.Directory, "ledgers");

    /// <param name="old">What is there now, if it can be read.</param>
    /// <param name="changes">Null where the old one was not valid.</param>
    /// <returns>The ledger as it was written.</returns>
    /// <exception cref="StoreException">The journal takes no rows; nothing was changed.</exception>
    /// <exception cref="IOException">A file could not be written.</exception>
    public static async Task<LedgerDocument> WriteAsync(GatewayConfiguration configuration, LedgerDocument? old, LedgerDocument @new, IReadOnlyList<LedgerChange>? changes, string who, string note, Func<Action<StateStore, long>, Task> commit)
    {
        string place = configuration.Resolve(configuration.Gateway.Ledger), file = LedgerFiles.JsonOf(place);
        var tables = LedgerFiles.TablesOf(place);
        // From then on the JSON file holds everything: were the tables read too, a cut between two files would leave every device twice.
        var written = LedgerDocument.Of(file, tables.Count == 0 ? @new.Utf8 : @new.ToJson(tables: false), []);
        string fresh = file + ".new";
        WriteThrough(fresh, written.Utf8.Span, like: file);
        // Also one that is broken is kept.
        old ??= File.Exists(file) ? LedgerDocument.Of(file, File.ReadAllBytes(file), []) : null;
        await JournalAsync(configuration, old, written, changes, who, note, commit);
        File.Move(fresh, file, overwrite: true);
        foreach (string table in tables) File.Move(table, table + ".applied", overwrite: true);
        return written;
    }

    /// <summary>Keeps the old ledger and says in the chain that another one holds from now.</summary>
    /// <exception cref="StoreException">The journal takes no rows.</exception>
    /// <exception cref="IOException">The old one could not be kept.</exception>
    public static Task JournalAsync(GatewayConfiguration configuration, LedgerDocument? old, LedgerDocument @new, IReadOnlyList<LedgerChange>? changes, string who, string note, Func<Action<StateStore, long>, Task> commit)
    {
        if (old is not null) Keep(KeptFolder(configuration.Store), old);
        var row = new LedgerRow(old?.Sha256, @new.Sha256, who, note, changes?.Count, changes is null ? [] : [.. changes.Take(ChangesJournalledMax).Select(LedgerChangeDto.Of)]);
        return commit((state, nowMs) =>
        {
            state.Journal("ledger", nowMs, JsonSerializer.SerializeToUtf8Bytes(row, LedgerJson.Default.LedgerRow));
            state.KeepLedger(@new.Sha256, @new.Utf8.Span, nowMs);
            state.Audit(nowMs, new AuditRow(who, "ledger.apply", @new.Sha256, note));
        });
    }

    private static void Keep(string folder, LedgerDocument old)
    {
        Directory.CreateDirectory(folder);
        string kept = Path.Combine(folder, $"ledger-{old.Sha256}.json");
        // The same ledger may come and go: its place in the order is that of the last time.
        File.Delete(kept);
        WriteThrough(kept, old.Utf8.Span, like: old.File);
        var all = new DirectoryInfo(folder).GetFiles("ledger-*.json").OrderByDescending(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal);
        foreach (var oldest in all.Skip(KeptMax)) oldest.Delete();
    }

    /// <param name="like">Whose permissions it gets: a ledger may hold hashes of passwords.</param>
    private static void WriteThrough(string file, ReadOnlySpan<byte> bytes, string like)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None);
        if (!OperatingSystem.IsWindows() && File.Exists(like)) File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(like));
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}
