using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gateway.Domain.Configuration;
using Gateway.Domain.Compliance;
using Gateway.Patrol;
using Gateway.Service.LiveConsole.Patrol;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway patrol list|verify</c>: the list of a day, and whether it was really drawn. Reads only, also while the gateway runs.</summary>
internal static class PatrolCommand
{
    private static readonly Option<string?> Day = new("--day") { Description = "2026-11-20; default: today / 日期，缺省为今天" };

    private static readonly Argument<string> Drawn = new("day") { Description = "2026-11-20 / 日期" };

    public static Command Create()
    {
        var list = new Command("list", "What is looked at that day, and what was seen / 当日巡查清单与结果") { Day, AccountsOption.Language, AccountsOption.Json, ConfigOption.Option };
        list.SetAction(parsed => Run(parsed, parsed.GetValue(Day), Show));
        var verify = new Command("verify", "Draw the list of a day again from the chain / 由证据链重新抽取并核对") { Drawn, ConfigOption.Option };
        verify.SetAction(parsed => Run(parsed, parsed.GetRequiredValue(Drawn), (_, reader, row, _) => Verify(reader, row)));
        return new Command("patrol", "The daily remote patrol, drawn at random / 每日非接触式巡查（双随机）") { list, verify };
    }

    private static int Run(ParseResult parsed, string? text, Func<ParseResult, StateReader, PatrolRow, Composition.SiteModel, int> act) => AccountsOption.Run(parsed, (configuration, model) =>
    {
        var day = CivilDays.DateOf(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), model.Ledger.Site.TimeZone);
        if (text is not null && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)) return AccountsOption.Wrong("day", "a day as 2026-11-20", text);
        using var reader = new StateReader(configuration.Store.StatePath);
        if (reader.Patrol(day) is { } row) return act(parsed, reader, row, model);
        Console.Error.WriteLine($"gateway: there is no list of {day:yyyy-MM-dd}");
        return 1;
    });

    private static int Show(ParseResult parsed, StateReader reader, PatrolRow row, Composition.SiteModel model)
    {
        var list = PatrolEndpoints.Of(row, reader.PatrolResults(row.List.Day), model);
        if (parsed.GetValue(AccountsOption.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(list, PatrolViewJson.Default.PatrolDto));
            return 0;
        }
        Console.WriteLine($"{list.Day}  #{list.Seq}  {new LocalText("巡查人", "inspector").In(parsed)} {list.Inspector ?? "–"}");
        foreach (var item in list.Items)
        {
            string why = (item.Why == "due" ? new LocalText("到期", "due") : new LocalText("抽中", "drawn")).In(parsed);
            string seen = item.Seen is { } s ? $"{s.Result}  {s.Who}  {s.Note}" : new LocalText("未巡查", "not looked at yet").In(parsed);
            Console.WriteLine($"  {why.Padded(8)}{item.Device.Padded(24)}{item.Name.In(parsed).Padded(28)}{seen}");
        }
        return 0;
    }

    private static int Verify(StateReader reader, PatrolRow row)
    {
        var faults = PatrolCheck.Of(row, reader.HashOf(row.HeadSeq));
        foreach (var fault in faults) Console.WriteLine($"{fault.En} / {fault.Zh}");
        Console.WriteLine(faults.Count == 0
            ? $"Row {row.Seq} draws this list again: seed {row.List.Seed}, {row.List.Drawn.Count} drawn, {row.List.Due.Count} due. / 第 {row.Seq} 行可重新抽得同一清单。"
            : "The list is not what its seed draws. / 清单与种子抽取结果不一致。");
        return faults.Count == 0 ? 0 : 1;
    }
}
