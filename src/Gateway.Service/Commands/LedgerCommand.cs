using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Api;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway ledger …</c>: templates, the difference that another ledger makes, putting it in force, taking it out as files.</summary>
internal static class LedgerCommand
{
    private static readonly Argument<string> Source = new("path") { Description = "Ledger: a file, or a folder of ledger.json, devices.csv, operators.csv / 台账文件或文件夹" };

    private static readonly Argument<string> Folder = new("folder") { Description = "Folder to write into / 写入的文件夹" };

    private static readonly Option<string> Language = new("--lang") { Description = "Headers: zh or en / 表头语言", DefaultValueFactory = _ => "zh" };

    private static readonly Option<bool> Json = new("--json") { Description = "For programs / 输出 JSON" };

    internal static readonly Option<string> Note = new("--note") { Description = "Why; it stands in the audit / 变更原因，记入审计", Required = true };

    private static readonly Option<string?> Csv = new("--csv") { Description = "Write ledger.json and tables into this folder / 以表格导出到文件夹" };

    public static Command Create()
    {
        Language.AcceptOnlyFromAmong("zh", "en");
        var template = new Command("template", "Write an empty ledger with tables and a sheet of allowed values / 生成台账模板") { Folder, Language };
        template.SetAction(parsed => Guard(() => LedgerTemplate.Write(parsed.GetRequiredValue(Folder), parsed.GetRequiredValue(Language) == "zh")));
        var schema = new Command("schema", "Print the JSON Schema of ledger.json / 输出台账的 JSON Schema");
        schema.SetAction(_ => PrintSchema());
        var diff = new Command("diff", "Show what another ledger would change; changes nothing / 预览台账变更，不生效") { Source, Json, ConfigOption.Option };
        diff.SetAction(parsed => Guard(() => Diff(parsed)));
        var apply = new Command("apply", "Put another ledger in the place of the configured one / 替换台账") { Source, Note, ConfigOption.Option };
        apply.SetAction(parsed => Guard(() => Apply(parsed)));
        var export = new Command("export", "Print the configured ledger, tables included / 导出台账") { Csv, ConfigOption.Option };
        export.SetAction(parsed => Guard(() => Export(parsed)));
        return new Command("ledger", "The site's ledger / 工地台账") { template, schema, diff, apply, LedgerAdoptCommand.Create(), export, LifecycleCommand.Create(Guard) };
    }

    internal static int Guard(Func<int> act)
    {
        try
        {
            return act();
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    private static void PrintSchema()
    {
        using var reader = new StreamReader(typeof(LedgerCommand).Assembly.GetManifestResourceStream("schemas/ledger.schema.json")!);
        Console.Write(reader.ReadToEnd());
    }

    private static int Diff(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        var current = problems.Any ? null : SiteModel.Load(configuration, problems);
        var candidate = LedgerFiles.Read(parsed.GetRequiredValue(Source), problems);
        if (problems.Any || current is null || candidate is null) return CheckCommand.Report(problems);
        var preview = LedgerPreview.Of(configuration, current, candidate);
        if (parsed.GetValue(Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(preview.ToDto(current.LedgerSha256), LedgerJson.Default.LedgerPreviewDto));
            return preview.Model is null ? 1 : 0;
        }
        if (preview.Model is null) return Refuse(preview);
        LedgerChangeText.Show(Console.Out, preview.Changes);
        return 0;
    }

    private static int Apply(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        var candidate = LedgerFiles.Read(parsed.GetRequiredValue(Source), problems);
        if (problems.Any || candidate is null) return CheckCommand.Report(problems);
        // A ledger that is broken or not there yet is replaced all the same: this is the way to mend it.
        var broken = new Problems();
        var current = SiteModel.Load(configuration, broken);
        var preview = LedgerPreview.Of(configuration, current, candidate);
        if (preview.Model is null) return Refuse(preview);
        if (current is not null && preview.Changes.Count == 0)
        {
            Console.WriteLine("nothing changes / 没有变更");
            return 0;
        }
        return Put(configuration, current, preview, parsed.GetRequiredValue(Note));
    }

    /// <summary>Says what changes, writes it into journal and file.</summary>
    /// <param name="current">The site as it is; null where its ledger is not valid.</param>
    internal static int Put(GatewayConfiguration configuration, SiteModel? current, LedgerPreview preview, string note)
    {
        if (current is null) Console.WriteLine("the ledger there is not valid, it is replaced whole / 原台账无效，整体替换");
        else LedgerChangeText.Show(Console.Out, preview.Changes);
        var clock = new GatewayClock(TimeProvider.System);
        Directory.CreateDirectory(configuration.Store.Directory);
        using var state = StateStore.Open(configuration.Store.StatePath);
        // Its one wait is for the journal, and that is here.
        var written = LedgerWriter.WriteAsync(configuration, current?.Document, preview.Document, current is null ? null : preview.Changes, $"cli:{Environment.UserName}", note, step =>
        {
            state.Commit(() => step(state, clock.NowMs()));
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
        Console.WriteLine($"{written.File}: {written.Sha256}");
        Console.WriteLine(preview.Changes.Any(c => c.NeedsRestart)
            ? "written; a running gateway takes it over when it is restarted / 已写入，重启网关后生效"
            : "written; a running gateway takes it over within 5 s / 已写入，运行中的网关将在 5 秒内生效");
        return 0;
    }

    private static int Export(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        var model = problems.Any ? null : SiteModel.Load(configuration, problems);
        if (model is null) return CheckCommand.Report(problems);
        if (parsed.GetValue(Csv) is not { } folder)
        {
            Console.Write(Encoding.UTF8.GetString(model.Document.ToJson(tables: null)));
            return 0;
        }
        return LedgerTemplate.WriteNew(folder,
        [
            (LedgerFiles.JsonName, model.Document.ToJson(tables: null, [.. LedgerTable.All.Select(t => t.Section)])),
            .. LedgerTable.All.Select(t => (t.File, SpreadsheetText.Write([TableText.Header(t, chinese: true), .. model.Document.Entries(t.Section).SelectMany(e => TableText.Rows(t, e))]))),
        ]);
    }

    internal static int Refuse(LedgerPreview preview)
    {
        var problems = new Problems();
        foreach (var problem in preview.Problems) problems.Add(problem.File, problem.Place, problem.Text);
        return CheckCommand.Report(problems);
    }
}
