using System.CommandLine;
using System.Globalization;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Domain.Lifecycle;
using Gateway.Lifecycle;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Api;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway ledger lifecycle add|list</c>: entries of the lifecycle log, also while the gateway runs; it takes them over within a second. Run as the gateway's own user.</summary>
internal static class LifecycleCommand
{
    private static readonly Argument<string> Device = new("device") { Description = "Device of the ledger / 台账中的设备" };
    private static readonly Argument<string?> Only = new("device") { Description = "Only this device / 只列该设备", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<LifecycleKind> Kind = new("kind") { Description = "planned, installed, accepted, inService, suspended, resumed, moved, dismantled, withdrawn / 种类" };
    private static readonly Option<DateTimeOffset> Effective = new("--effective") { Description = "From when: 2026-03-05T12:00:00+08:00 / 生效时间", Required = true };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "End of a suspension / 停用截止时间" };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why it is suspended / 停用原因" };
    private static readonly Option<string?> Approver = new("--approver") { Description = "Who else agreed / 批准人" };
    private static readonly Option<string?> Filing = new("--filing") { Description = "Filing number / 备案号" };
    private static readonly Option<FileInfo?> Attachment = new("--attachment") { Description = "PDF, JPEG or PNG as evidence, 10 MiB at most / 证明文件" };
    private static readonly Option<string?> Note = new("--note") { Description = "Note / 说明" };
    private static readonly Option<long?> Corrects = new("--corrects") { Description = "Row of the entry it stands in place of / 更正第几号记录" };

    public static Command Create(Func<Func<int>, int> guard)
    {
        Reason.AcceptOnlyFromAmong([.. SuspensionReason.All.Select(r => r.Id)]);
        var add = new Command("add", "Append an entry / 追加记录") { Device, Kind, Effective, Until, Reason, Approver, Filing, Attachment, Note, Corrects, ConfigOption.Option };
        add.SetAction(parsed => guard(() => Add(parsed)));
        var list = new Command("list", "Entries and requests / 列出记录和申请") { Only, ConfigOption.Option };
        list.SetAction(parsed => guard(() => List(parsed)));
        return new Command("lifecycle", "Lifecycle of the devices / 设备生命周期") { add, list };
    }

    private static int Add(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        var model = problems.Any ? null : SiteModel.Load(configuration, problems);
        if (model is null) return CheckCommand.Report(problems);
        string who = $"cli:{Environment.UserName}";
        var attachments = new AttachmentFolder(configuration.Store.AttachmentsDirectory);
        string? sha256 = null;
        if (parsed.GetValue(Attachment) is { } file && (sha256 = Keep(attachments, file)) is null) return 1;
        var entry = new LifecycleEntry(0, parsed.GetRequiredValue(Device), parsed.GetRequiredValue(Kind), parsed.GetRequiredValue(Effective).ToUnixTimeMilliseconds(), parsed.GetValue(Until)?.ToUnixTimeMilliseconds(),
            parsed.GetValue(Reason), who, parsed.GetValue(Approver), parsed.GetValue(Filing), sha256, parsed.GetValue(Note), parsed.GetValue(Corrects), 0);
        var clock = new GatewayClock(TimeProvider.System);
        Directory.CreateDirectory(configuration.Store.Directory);
        using var state = StateStore.Open(configuration.Store.StatePath);
        var steps = new LifecycleSteps(model.Ledger, attachments);
        LifecycleOutcome outcome = new([]);
        state.Commit(() => outcome = steps.Enter(state, clock.NowMs(), who, entry));
        foreach (var problem in outcome.Problems) Console.Error.WriteLine($"gateway: {problem.En} / {problem.Zh}");
        if (outcome.Seq is { } seq) Console.WriteLine($"row {seq} / 第 {seq} 号");
        return outcome.Problems.Count == 0 ? 0 : 1;
    }

    private static string? Keep(AttachmentFolder attachments, FileInfo file)
    {
        if (file.Length > AttachmentFolder.BytesMax)
        {
            Console.Error.WriteLine($"gateway: {file}: expected at most {AttachmentFolder.BytesMax} bytes, saw {file.Length}");
            return null;
        }
        byte[] content = File.ReadAllBytes(file.FullName);
        if (AttachmentFolder.TypeOf(content) is not null) return attachments.Keep(content);
        Console.Error.WriteLine($"gateway: {file}: expected a PDF, JPEG or PNG file, by its content");
        return null;
    }

    private static int List(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        if (problems.Any) return CheckCommand.Report(problems);
        using var reader = new StateReader(configuration.Store.StatePath);
        string? device = parsed.GetValue(Only);
        long nowMs = new GatewayClock(TimeProvider.System).NowMs();
        foreach (var e in reader.LifecycleEntries(device))
            Console.WriteLine($"{e.Seq}  {e.Device}  {LifecycleRequestDto.WordOf(e.Kind)}  {Time(e.EffectiveMs)}{(e.UntilMs is { } until ? " – " + Time(until) : "")}  {e.Reason}  {e.Requester}  {e.Approver}  {e.Filing}{(e.Corrects is { } corrected ? $"  corrects {corrected} / 更正 {corrected}" : "")}  {e.Note}");
        foreach (var r in reader.LifecycleRequests(device))
            Console.WriteLine($"{r.Id}  {r.StateAt(nowMs)}  {r.Entry.Device}  {LifecycleRequestDto.WordOf(r.Entry.Kind)}  {Time(r.Entry.EffectiveMs)}  {r.Entry.Reason}  {r.Entry.Requester}  {r.DecidedBy}");
        return 0;
    }

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
