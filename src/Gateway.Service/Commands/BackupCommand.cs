using System.CommandLine;
using Gateway.Domain.Configuration;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway backup DIR</c>: a whole copy of the store, also while the gateway runs. Restored by stopping, copying the files into the store's folder, starting.</summary>
internal static class BackupCommand
{
    private static readonly Argument<string> Folder = new("dir") { Description = "New or empty folder / 新的或空的文件夹" };

    public static Command Create()
    {
        var command = new Command("backup", "Copy the store, also while the gateway runs / 备份存储，可在运行时执行") { Folder, ConfigOption.Option };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        if (problems.Any) return CheckCommand.Report(problems);
        try
        {
            string folder = Path.GetFullPath(parsed.GetRequiredValue(Folder));
            var index = StoreBackup.Make(configuration.Store, folder, Composition.Version.Text, TimeProvider.System.GetUtcNow());
            Console.WriteLine($"{folder}: {index.Files.Count} files, {index.Files.Sum(f => f.Bytes) / 1024} KiB, {index.Attachments} attachments, lines up to {index.Committed}, journal up to {index.JournalSeq} / 备份完成，校验通过");
            return 0;
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }
}
