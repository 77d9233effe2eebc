using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Presence;
using Gateway.Domain.Reports;
using Gateway.Reports;
using Gateway.Service.LiveConsole.Accounts;

namespace Gateway.Service.Commands;

/// <summary><c>gateway presence DEVICE</c>: its intervals as <c>/api/v1/presence</c> gives them, all pages.</summary>
internal static class PresenceCommand
{
    private const int RowsMax = 1_000_000;

    private static readonly Argument<string> Device = new("device") { Description = "Device of the ledger / 台账中的设备" };

    public static Command Create()
    {
        var command = new Command("presence", "When a device was online, and why not / 设备在线时段与原因") { Device, AccountsOption.From, AccountsOption.To, AccountsOption.Language, AccountsOption.Json, ConfigOption.Option };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed) => AccountsOption.Run(parsed, (configuration, model) =>
    {
        string device = parsed.GetRequiredValue(Device);
        var zone = model.Ledger.Site.TimeZone;
        long toMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        if (parsed.GetValue(AccountsOption.To) is { } to)
        {
            if (WindowText.MomentOf(to, zone) is not { } ms) return AccountsOption.Wrong("--to", WindowText.MomentExpected, to);
            toMs = ms;
        }
        long fromMs = toMs - 86_400_000;
        if (parsed.GetValue(AccountsOption.From) is { } from)
        {
            if (WindowText.MomentOf(from, zone) is not { } ms) return AccountsOption.Wrong("--from", WindowText.MomentExpected, from);
            fromMs = ms;
        }
        if (fromMs >= toMs) return AccountsOption.Wrong("--from", "a time before --to", parsed.GetValue(AccountsOption.From));
        var page = PresenceQuery.Page(configuration.Store.StatePath, model.Ledger, new PresenceAsked(device, fromMs, toMs, default, RowsMax));
        if (page.Items.Count == 0 && page.Open.Count == 0 && !model.Ledger.Devices.Any(d => d.Id == device)) return AccountsOption.Wrong("device", "one of the ledger", device);
        if (parsed.GetValue(AccountsOption.Json)) Console.WriteLine(JsonSerializer.Serialize(AccountViews.Page(page), AccountJson.Default.IntervalPageDto));
        else
            foreach (var row in page.Items.Concat(page.Open)) Console.WriteLine(Line(row, page.AliveMs, zone, parsed));
        return 0;
    });

    private static string Line(PresenceRow row, long aliveMs, TimeZoneInfo zone, ParseResult parsed)
    {
        var state = row.State switch { PresenceState.Online => AccountState.Online, PresenceState.Offline => AccountState.Offline, PresenceState.Unknown => AccountState.Unknown, _ => AccountState.NotInService };
        string to = row.ToMs is { } toMs ? Moment(toMs, zone) : new LocalText("至今", "open").In(parsed);
        string number = row.Seq == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"#{row.Seq}");
        return $"{Moment(row.FromMs, zone)}  {to.Padded(24)}{string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (row.ToMs ?? aliveMs) - row.FromMs):#,0} ms"),18}  {ReportWords.Of(state).In(parsed).Padded(16)}{(row.Cause.Length == 0 ? "" : ReportWords.OfCause(state, row.Cause).In(parsed)).Padded(20)}{number}";
    }

    private static string Moment(long ms, TimeZoneInfo zone) => CivilDays.Local(ms, zone).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
