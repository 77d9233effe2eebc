using Gateway.Lifecycle;
using Gateway.Store;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Store;

public sealed class StoreBackupTests : IDisposable
{
    private static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 1, 2, 3];

    private readonly TempDirectory _store = new(), _other = new();
    private readonly StoreOptions _options;

    public StoreBackupTests()
    {
        _options = new StoreOptions { Directory = _store.Path };
        using var state = StateStore.Open(_options.StatePath);
        state.Commit(() => state.Journal("boot", 1_000, """{"gateway":"gw-1"}"""u8));
    }

    [Fact]
    public void Attachments_are_in_the_backup_and_there_again_after_a_restore()
    {
        var folder = new AttachmentFolder(_options.AttachmentsDirectory);
        string first = folder.Keep(Photo), second = folder.Keep("%PDF-1"u8);
        // What an upload that was cut short leaves is nobody's evidence.
        File.WriteAllText(Path.Combine(_options.AttachmentsDirectory, first + ".0.new"), "half");

        var index = Make(_other.File("backup"));

        Assert.Equal((2, Photo.Length + 6L), (index.Attachments, index.AttachmentBytes));
        var restored = new AttachmentFolder(Path.Combine(_other.File("backup"), "attachments"));
        Assert.Equal(Photo, restored.Read(first));
        Assert.Equal("%PDF-1"u8.ToArray(), restored.Read(second));
        Assert.Equal(2, Directory.GetFiles(_other.File("backup/attachments")).Length);
        Assert.True(File.Exists(_other.File("backup/state.db")));
    }

    [Fact]
    public void A_backup_outlives_the_store_it_was_made_of()
    {
        string sha256 = new AttachmentFolder(_options.AttachmentsDirectory).Keep(Photo);
        Make(_other.File("backup"));
        Directory.Delete(_options.AttachmentsDirectory, recursive: true);

        Assert.Equal(Photo, new AttachmentFolder(_other.File("backup/attachments")).Read(sha256));
    }

    [Fact]
    public void Without_attachments_there_is_no_folder_for_them()
    {
        Assert.Equal(0, Make(_other.File("backup")).Attachments);
        Assert.False(Directory.Exists(_other.File("backup/attachments")));
    }

    public void Dispose()
    {
        _store.Dispose();
        _other.Dispose();
    }

    private BackupIndex Make(string folder) => StoreBackup.Make(_options, folder, "0", DateTimeOffset.UnixEpoch);
}
