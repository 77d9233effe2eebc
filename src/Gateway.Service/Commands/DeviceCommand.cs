using System.CommandLine;
using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway device …</c>: how devices and other MQTT clients prove who they are, also while the gateway runs. Passwords come from standard input, never from the command line.</summary>
internal static class DeviceCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "Device or client of the ledger / 台账中的设备或客户端" };

    private static readonly Option<bool> Generate = new("--generate") { Description = "Make a password and print it, this once / 生成密码，仅显示一次" };

    private static readonly Option<bool> RemoveIt = new("--remove") { Description = "Remove the password / 删除密码" };

    private static readonly Option<bool> HashOnly = new("--hash") { Description = "Print the text for the ledger instead of storing it / 只输出写入台账的文本，不保存" };

    public static Command Create()
    {
        var password = new Command("password", "Set the password of a device or client, read from standard input / 设置设备密码，从标准输入读取") { Id, Generate, RemoveIt, HashOnly, ConfigOption.Option };
        password.Validators.Add(parsed =>
        {
            if (parsed.GetValue(RemoveIt) && (parsed.GetValue(Generate) || parsed.GetValue(HashOnly))) parsed.AddError("--remove stands alone");
        });
        password.SetAction(parsed => Run(parsed, SetPassword));
        var list = new Command("list", "Who may sign in, and by what; no secrets / 列出设备的登录方式，不含密码") { ConfigOption.Option };
        list.SetAction(parsed => Run(parsed, List));
        return new Command("device", "Passwords of devices and other MQTT clients / 设备密码管理") { password, list };
    }

    private static int Run(ParseResult parsed, Func<DeviceCommands, ParseResult, int> act)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        var model = problems.Any ? null : SiteModel.Load(configuration, problems);
        if (model is null) return CheckCommand.Report(problems);
        try
        {
            return act(new DeviceCommands(configuration.Store, model.Ledger, new GatewayClock(TimeProvider.System), $"cli:{Environment.UserName}"), parsed);
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    private static int SetPassword(DeviceCommands commands, ParseResult parsed)
    {
        string id = parsed.GetRequiredValue(Id);
        if (parsed.GetValue(RemoveIt)) return UserCommand.Say(commands.Remove(id));
        bool generate = parsed.GetValue(Generate);
        string secret = generate ? DeviceSecret.Make() : UserCommand.ReadPassword();
        var outcome = commands.Check(id, secret);
        if (outcome != AccessOutcome.Done) return UserCommand.Say(outcome);
        var hash = PasswordHash.Make(secret, generate ? DeviceSecret.IterationsMade : DeviceSecret.IterationsTyped);
        if (!parsed.GetValue(HashOnly)) outcome = commands.Set(id, hash);
        if (outcome != AccessOutcome.Done) return UserCommand.Say(outcome);
        if (generate) Console.WriteLine(secret);
        if (parsed.GetValue(HashOnly)) Console.WriteLine(hash);
        return 0;
    }

    private static int List(DeviceCommands commands, ParseResult parsed)
    {
        foreach (var login in commands.List()) Console.WriteLine($"{login.Id}\t{login.What}\tuser {login.User}\tpassword {login.Password}\tcertificate {login.Certificate}");
        return 0;
    }
}
