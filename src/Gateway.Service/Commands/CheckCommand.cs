using System.CommandLine;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Links.Modbus;
using Gateway.Service.Composition;

namespace Gateway.Service.Commands;

/// <summary><c>gateway check</c>: every problem of configuration, ledger, profiles and rules, each with its place, without starting anything.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Check configuration, ledger, profiles and rules / 检查配置、台账、设备模板和规则") { ConfigOption.Option };
        command.SetAction(parsed => Check(parsed.GetRequiredValue(ConfigOption.Option)));
        return command;
    }

    /// <summary>One line a problem, on standard error.</summary>
    public static int Report(Problems problems)
    {
        foreach (var problem in problems.Items) Console.Error.WriteLine(problem);
        Console.Error.WriteLine($"gateway: {problems.Items.Count} problem(s) / {problems.Items.Count} 个问题");
        return 1;
    }

    private static int Check(string file)
    {
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(file, problems);
        // The site's files are checked even when the configuration has faults: one run, all faults.
        var model = File.Exists(file) ? SiteModel.Load(configuration, problems) : null;
        if (File.Exists(file)) CheckDisk(configuration, problems);
        if (problems.Any || model is null) return Report(problems);
        var ledger = model.Ledger;
        Console.WriteLine($"{file}: ok / 正常");
        Console.WriteLine($"site {ledger.Site.Id}: {ledger.Devices.Count} devices ({ledger.Devices.Count(d => d.Safety)} safety), {ledger.Buses.Count} buses, {ledger.Operators.Count} operators, {ledger.Policies.Count} policies, {model.Rules.Count} rules, {configuration.Uplink.Targets.Count} uplink targets");
        foreach (string table in LedgerFiles.UnreadOf(configuration.Resolve(configuration.Gateway.Ledger), model.Document)) Console.WriteLine($"{table}: not read, ledger.json says \"tables\": false / 未读取");
        // What a profile cannot be sure of is said where the site is being set up.
        foreach (var profile in ledger.Devices.Select(d => model.Profiles[d.Profile]).Distinct())
            if (profile.Notes is { } notes) Console.WriteLine($"profile {profile.Device.Id}: {notes.En} / {notes.Zh}");
        foreach (var bus in ModbusLink.OptionsOf(ledger, new DeviceDirectory(ledger, model.Profiles)).Where(b => b.Units.Count > 0)) BusCheckText.Show(Console.Out, bus);
        return 0;
    }

    private static void CheckDisk(GatewayConfiguration configuration, Problems problems)
    {
        string folder = configuration.Store.Directory;
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".check-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problems.Add(configuration.File, "Store.Directory", $"expected a folder this user can write, but {folder}: {refused.Message}");
        }
    }
}
