using System.CommandLine;
using Gateway.Domain.Configuration;
using Gateway.Service.Composition;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Service.Commands;

/// <summary><c>gateway run</c>: the service itself.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Run the gateway / 运行网关") { ConfigOption.Option };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(ConfigOption.Option)));
        return command;
    }

    private static async Task<int> RunAsync(string file)
    {
        // On the other core, while the site's files are read here.
        var warm = Task.Run(SqliteDatabase.WarmUp);
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(file, problems);
        var model = problems.Any ? null : SiteModel.Load(configuration, problems);
        if (model is null) return CheckCommand.Report(problems);
        try
        {
            await warm;
            return await GatewayProcess.RunAsync(configuration, model, TimeProvider.System);
        }
        catch (Exception known) when (known is StartupException or StoreException or UnauthorizedAccessException or IOException)
        {
            await Console.Error.WriteLineAsync($"gateway: {known.Message}");
            return 1;
        }
    }
}

/// <summary><c>--config FILE</c>, the same everywhere.</summary>
internal static class ConfigOption
{
    public static Option<string> Option { get; } = new("--config", "-c")
    {
        Description = "Configuration file / 配置文件",
        DefaultValueFactory = _ => "/etc/site-gateway/gateway.json",
    };
}
