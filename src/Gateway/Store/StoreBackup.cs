using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Lifecycle;
using Gateway.Store.Damage;
using Gateway.Store.Sqlite;
using Gateway.Uplink;

namespace Gateway.Store;

/// <summary>
/// Copies the store while the gateway runs or stands: each file as it was at one moment, first the state, then what it rests on, so that the copied telemetry is never behind the
/// copied state; lines beyond its frontier are judged again after a restore.
/// </summary>
public static class StoreBackup
{
    public const string Index = "backup.json";

    /// <summary>In this order.</summary>
    private static readonly string[] Names = [StateStore.Name, MqttStore.Name, TelemetryStore.Name];

    /// <param name="folder">New or empty; it appears when everything in it is whole and synced.</param>
    /// <exception cref="StoreException">A file cannot be read, or its copy is not whole.</exception>
    /// <exception cref="IOException">The folder is not empty, or the disk refuses.</exception>
    public static BackupIndex Make(StoreOptions store, string folder, string version, DateTimeOffset now)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())) throw new IOException($"{folder}: expected a new or empty folder");
        if (!File.Exists(store.StatePath)) throw new IOException($"{store.Directory}: there is no store");
        string partial = folder + ".partial";
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        var files = Names.Where(n => File.Exists(Path.Combine(store.Directory, n))).Select(n => Copy(Path.Combine(store.Directory, n), Path.Combine(partial, n))).ToList();
        // Behind the state: an entry is written when its attachment is there.
        var attachments = new AttachmentFolder(store.AttachmentsDirectory).CopyTo(Path.Combine(partial, Path.GetFileName(store.AttachmentsDirectory)));
        var index = Describe(partial, files, version, now) with { Attachments = attachments.Files, AttachmentBytes = attachments.Bytes };
        File.WriteAllBytes(Path.Combine(partial, Index), JsonSerializer.SerializeToUtf8Bytes(index, BackupJson.Default.BackupIndex));
        DiskSync.File(Path.Combine(partial, Index));
        DiskSync.Folder(partial);
        if (Directory.Exists(folder)) Directory.Delete(folder);
        Directory.Move(partial, folder);
        DiskSync.Folder(Path.GetDirectoryName(folder)!);
        return index;
    }

    private static BackupFile Copy(string from, string to)
    {
        using (var source = SqliteDatabase.OpenReader(from))
        using (var copy = source.Prepare("VACUUM INTO ?")) copy.Bind(1, to).Run();
        DiskSync.File(to);
        long version;
        using (var made = SqliteDatabase.OpenReader(to))
        {
            using var check = made.Prepare("PRAGMA quick_check(1)");
            if (!check.Step() || check.Text(0) != "ok") throw new StoreException(0, $"{to}: the copy is not whole: {check.Text(0)}");
            version = made.ReadLong("PRAGMA user_version");
        }
        return new BackupFile(Path.GetFileName(to), version, new FileInfo(to).Length, DamageFolder.HashOf(to)!);
    }

    private static BackupIndex Describe(string folder, IReadOnlyList<BackupFile> files, string version, DateTimeOffset now)
    {
        using var state = SqliteDatabase.OpenReader(Path.Combine(folder, StateStore.Name));
        long committed = 0;
        if (files.Any(f => f.Name == TelemetryStore.Name))
        {
            using var telemetry = SqliteDatabase.OpenReader(Path.Combine(folder, TelemetryStore.Name));
            committed = telemetry.ReadLong(TelemetryStore.NextLineSql);
        }
        using var cursors = state.Prepare("SELECT target, settled FROM cursor WHERE lane = ? ORDER BY target").Bind(1, UplinkLedger.Telemetry);
        var settled = cursors.All(r => new BackupCursor(r.Text(0), r.Long(1)));
        using var head = state.Prepare("SELECT hash FROM journal ORDER BY seq DESC LIMIT 1");
        return new BackupIndex(version, now, files, committed, state.ReadLong("SELECT value FROM meta WHERE key = 'telemetry_frontier'"), settled,
            state.ReadLong("SELECT max(seq) FROM journal"), head.Step() ? Convert.ToHexStringLower(head.Blob(0)) : "");
    }
}

/// <summary><c>backup.json</c>.</summary>
/// <param name="Version">Of the gateway that made it.</param>
/// <param name="Committed">Lines up to here are in it.</param>
/// <param name="Judged">Lines behind this are judged again after a restore.</param>
/// <param name="JournalHash">Hash of its newest journal row, hex.</param>
public sealed record BackupIndex(string Version, DateTimeOffset MadeAt, IReadOnlyList<BackupFile> Files, long Committed, long Judged, IReadOnlyList<BackupCursor> Settled, long JournalSeq, string JournalHash)
{
    /// <summary>Files below <c>attachments/</c>; each is named by its hash.</summary>
    public int Attachments { get; init; }

    public long AttachmentBytes { get; init; }
}

public sealed record BackupFile(string Name, long SchemaVersion, long Bytes, string Sha256);

public sealed record BackupCursor(string Target, long Next);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupIndex))]
public sealed partial class BackupJson : JsonSerializerContext;

/// <summary>Makes sure that files and names are on disk, not on their way there.</summary>
internal static partial class DiskSync
{
    public static void File(string path)
    {
        using var file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Gives a file a second name; false where the file system or its rights do not allow it.</summary>
    public static bool TryLink(string path, string second) => Link(path, second) == 0;

    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Folder(string path)
    {
        int descriptor = Open(path, 0);
        if (descriptor < 0) throw new IOException($"{path}: cannot be opened (errno {Marshal.GetLastPInvokeError()})");
        int refused = Sync(descriptor);
        _ = Close(descriptor);
        if (refused != 0) throw new IOException($"{path}: cannot be synced");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string second);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
