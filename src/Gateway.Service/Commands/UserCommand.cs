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

    private static readonly Argument<string?> AnyName = new("name") { Description = "Account; without one the link is for a guest / 账号，省略则为访客", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string> RoleOption = new("--role") { Description = Roles.Words, DefaultValueFactory = _ => "viewer" };

    private static readonly Option<string> NewRole = new("--role") { Description = Roles.Words, Required = true };

    public static Command Create()
    {
        foreach (var option in (ReadOnlySpan<Option<string>>)[RoleOption, NewRole]) option.AcceptOnlyFromAmong("viewer", "crew", "safety", "administrator");
        var user = new Command("user", "Accounts / 账号管理");
        user.Add(Verb("add", "Add an account; the password is read from standard input / 添加账号，密码从标准输入读取", (c, _, p) => Say(c.Add(p.GetRequiredValue(Name), RoleOf(p, RoleOption), ReadPassword())), Name, RoleOption));
        user.Add(Verb("password", "Set a password, read from standard input / 设置密码", (c, _, p) => Say(c.SetPassword(p.GetRequiredValue(Name), ReadPassword())), Name));
        user.Add(Verb("role", "Change a role / 修改角色", (c, _, p) => Say(c.SetRole(p.GetRequiredValue(Name), RoleOf(p, NewRole))), Name, NewRole));
        user.Add(Verb("remove", "Remove an account / 删除账号", (c, _, p) => Say(c.Remove(p.GetRequiredValue(Name))), Name));
        user.Add(Verb("list", "List accounts / 列出账号", (c, _, _) => List(c)));
        user.Add(Verb("link", "Print a one-time sign-in link for an account / 生成一次性登录链接", Link, AnyName, RoleOption));
        return user;
    }

    private static Command Verb(string name, string help, Func<AccountCommands, GatewayConfiguration, ParseResult, int> act, params Symbol[] symbols)
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

    private static int Run(ParseResult parsed, Func<AccountCommands, GatewayConfiguration, ParseResult, int> act)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(parsed.GetRequiredValue(ConfigOption.Option), problems);
        if (problems.Any) return CheckCommand.Report(problems);
        try
        {
            Directory.CreateDirectory(configuration.Store.Directory);
            return act(new AccountCommands(configuration.Store, new GatewayClock(TimeProvider.System), $"cli:{Environment.UserName}"), configuration, parsed);
        }
        catch (Exception known) when (known is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {known.Message}");
            return 1;
        }
    }

    private static Role RoleOf(ParseResult parsed, Option<string> option) => Roles.TryRead(parsed.GetRequiredValue(option), out var role) ? role : Role.Viewer;

    public static string ReadPassword()
    {
        if (!Console.IsInputRedirected) Console.Error.Write("Password / 密码: ");
        return Console.In.ReadLine() ?? "";
    }

    private static int List(AccountCommands commands)
    {
        foreach (var account in commands.List()) Console.WriteLine($"{account.Name}\t{account.Role.Word()}");
        return 0;
    }

    private static int Link(AccountCommands commands, GatewayConfiguration configuration, ParseResult parsed)
    {
        var (outcome, token) = commands.Link(parsed.GetValue(AnyName), RoleOf(parsed, RoleOption));
        if (token is not null) Console.WriteLine($"http://{configuration.Console.Address}:{configuration.Console.Port}/#link={token}");
        return Say(outcome);
    }

    public static int Say(AccessOutcome outcome)
    {
        if (outcome == AccessOutcome.Done) return 0;
        Console.Error.WriteLine($"gateway: {outcome.Words()}");
        return 1;
    }
}
