using System.CommandLine;
using System.Globalization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Service.Composition;

namespace Gateway.Service.Commands;

/// <summary><c>gateway ledger adopt</c>: takes a device that talks and is not registered into the ledger.</summary>
internal static class LedgerAdoptCommand
{
    private static readonly Argument<string> Link = new("link") { Description = "As the list of unregistered devices says it: mqtt, mqtt@BROKER, hj212, goyo, tx101, sparkplug / 链路" };

    private static readonly Argument<string> Address = new("address") { Description = "Its address there / 地址" };

    private static readonly Option<string> Id = new("--id") { Description = "Id in the ledger / 设备编号", Required = true };

    private static readonly Option<string> Kind = new("--kind") { Description = "crane, hoist, dust … / 设备类型", Required = true };

    private static readonly Option<string> Profile = new("--profile") { Description = "How its messages are read / 模板", Required = true };

    private static readonly Option<string?> Zh = new("--zh") { Description = "Chinese name; default its id / 中文名称" };

    private static readonly Option<string?> En = new("--en") { Description = "English name; default the Chinese one / 英文名称" };

    private static readonly Option<double?> Expected = new("--expected") { Description = "Seconds between two messages / 上报间隔（秒）" };

    private static readonly Option<double?> OfflineAfter = new("--offline-after") { Description = "Seconds of silence / 离线判定（秒）" };

    private static readonly Option<bool> Safety = new("--safety") { Description = "It counts among the safety devices / 安全装置" };

    private static readonly Option<string?> Machine = new("--machine") { Description = "The machine it watches over / 所属机械" };

    private static readonly Option<DateOnly?> InService = new("--in-service") { Description = "First day on which it counts, 2026-01-31; default today / 启用日期", CustomParser = r => DayOf(r) };

    public static Command Create()
    {
        var adopt = new Command("adopt", "Take a device that talks into the ledger / 登记正在上报的设备") { Link, Address, Id, Kind, Profile, Zh, En, Expected, OfflineAfter, Safety, Machine, InService, LedgerCommand.Note, ConfigOption.Option };
        adopt.SetAction(parsed => LedgerCommand.Guard(() => Adopt(parsed)));
        return adopt;
    }

    private static int Adopt(ParseResult parsed)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        if (problems.Any || SiteModel.Load(configuration, problems) is not { } current) return CheckCommand.Report(problems);
        string id = parsed.GetRequiredValue(Id), zh = parsed.GetValue(Zh) ?? id;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), current.Ledger.Site.TimeZone).DateTime);
        var adoption = new Adoption(parsed.GetRequiredValue(Link), parsed.GetRequiredValue(Address), id, new LocalText(zh, parsed.GetValue(En) ?? zh), parsed.GetRequiredValue(Kind), parsed.GetRequiredValue(Profile))
        {
            ExpectedSeconds = parsed.GetValue(Expected), OfflineAfterSeconds = parsed.GetValue(OfflineAfter), Safety = parsed.GetValue(Safety), Machine = parsed.GetValue(Machine), InServiceFrom = parsed.GetValue(InService) ?? today,
        };
        var preview = LedgerPreview.Of(configuration, current, current.Document.WithDevice(adoption.ToEntry()));
        return preview.Model is null ? LedgerCommand.Refuse(preview) : LedgerCommand.Put(configuration, current, preview, parsed.GetRequiredValue(LedgerCommand.Note));
    }

    private static DateOnly? DayOf(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        result.AddError($"--in-service: expected a day as 2026-01-31, saw \"{result.Tokens[0].Value}\"");
        return null;
    }
}
