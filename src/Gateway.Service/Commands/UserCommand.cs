using System.CommandLine;
using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.Commands;

/// <summary><c>gateway user …</c>: accounts, also while the gateway runs. Passwords come from standard input, never from the command line.</summary>
internal static class UserCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Account / 账号" };

    private static readonly Option<string> RoleOption = new("--role") { Description = "viewer, crew, safety, administrator", DefaultValueFactory = _ => "viewer" };

    public static Command Create()
    {
        RoleOption.AcceptOnlyFromAmong("viewer", "crew", "safety", "administrator");
        var user = new Command("user", "Accounts / 账号管理");
        user.Add(Verb("add", "Add an account; the password is read from standard input / 添加账号，密码从标准输入读取", (c, p) => Say(c.Add(p.GetRequiredValue(Name), RoleOf(p), ReadPassword())), Name, RoleOption));
        user.Add(Verb("password", "Set a password, read from standard input / 设置密码", (c, p) => Say(c.SetPassword(p.GetRequiredValue(Name), ReadPassword())), Name));
        user.Add(Verb("role", "Change a role / 修改角色", (c, p) => Say(c.SetRole(p.GetRequiredValue(Name), RoleOf(p))), Name, RoleOption));
        user.Add(Verb("remove", "Remove an account / 删除账号", (c, p) => Say(c.Remove(p.GetRequiredValue(Name))), Name));
        user.Add(Verb("list", "List accounts / 列出账号", (c, _) => List(c)));
        user.Add(Verb("link", "Print a one-time sign-in link for an account / 生成一次性登录链接", (c, p) => Link(c, p), Name, RoleOption));
        return user;
    }

    private static Command Verb(string name, string help, Func<AccountCommands, ParseResult, int> act, params Symbol[] symbols)
    {
        var command = new Command(name, help) { ConfigOption.Option };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else command.Add((Option)symbol);
        }
        command.SetAction(parsed => Run(parsed, act));
        return command;
    }

    private static int Run(ParseResult parsed, Func<AccountCommands, ParseResult, int> act)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        if (problems.Any) return CheckCommand.Report(problems);
        try
        {
            Directory.CreateDirectory(configuration.Store.Directory);
            return act(new AccountCommands(configuration.Store, new GatewayClock(TimeProvider.System), $"cli:{Environment.UserName}"), parsed);
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    private static Role RoleOf(ParseResult parsed) => Roles.TryRead(parsed.GetRequiredValue(RoleOption), out var role) ? role : Role.Viewer;

    private static string ReadPassword()
    {
        if (!Console.IsInputRedirected) Console.Error.Write("Password / 密码: ");
        return Console.In.ReadLine() ?? "";
    }

    private static int List(AccountCommands commands)
    {
        foreach (var account in commands.List()) Console.WriteLine($"{account.Name}\t{account.Role.Word()}");
        return 0;
    }

    private static int Link(AccountCommands commands, ParseResult parsed)
    {
        var (outcome, token) = commands.Link(parsed.GetRequiredValue(Name), RoleOf(parsed));
        if (token is not null) Console.WriteLine(token);
        return Say(outcome);
    }

    private static int Say(AccessOutcome outcome)
    {
        if (outcome == AccessOutcome.Done) return 0;
        Console.Error.WriteLine($"gateway: {outcome.Words()}");
        return 1;
    }
}
