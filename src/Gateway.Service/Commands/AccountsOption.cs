using System.CommandLine;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Reports;
using Gateway.Reports;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary>What the commands about accounts have in common: they read the store of this machine, also while the gateway runs.</summary>
internal static class AccountsOption
{
    public static readonly Option<bool> Json = new("--json") { Description = "For programs, as the API gives it / 输出 JSON，与接口相同" };

    public static readonly Option<string> Language = new("--lang") { Description = "zh, en", DefaultValueFactory = _ => "zh" };

    public static readonly Option<string?> From = new("--from") { Description = "2026-11-21 or 2026-11-21T14:03:07Z / 开始" };

    public static readonly Option<string?> To = new("--to") { Description = "Likewise; default: now / 结束，缺省为现在" };

    static AccountsOption() => Language.AcceptOnlyFromAmong("zh", "en");

    /// <param name="act">0: done; 2: what was asked for makes no sense, and standard error says why.</param>
    public static int Run(ParseResult parsed, Func<GatewayConfiguration, SiteModel, int> act)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        var model = problems.Any ? null : SiteModel.Load(configuration, problems);
        if (model is null) return CheckCommand.Report(problems);
        try
        {
            return act(configuration, model);
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    public static SiteReport Report(GatewayConfiguration configuration, SiteModel model, AccountWindow window)
    {
        var taken = ReportSource.Take(configuration.Store.StatePath, configuration.Gateway.Id, model.Ledger, model.LedgerSha256, window);
        return SiteReport.Of(ReportMoment.Of(configuration.Store.StatePath, taken, asOfSeq: null)!);
    }

    public static int Wrong(string name, string expected, string? seen)
    {
        Console.Error.WriteLine($"gateway: {name}: expected {expected}, saw \"{seen}\"");
        return 2;
    }

    public static string In(this LocalText text, ParseResult parsed) => parsed.GetRequiredValue(Language) == "zh" ? text.Zh : text.En;

    /// <summary>Fills up to a width; Chinese characters are two columns wide.</summary>
    public static string Padded(this string text, int columns) => text + new string(' ', Math.Max(1, columns - text.Sum(c => c > 0x2e80 ? 2 : 1)));
}
