using System.CommandLine;
using Gateway.Service.Commands;

// Before the first socket is touched: socket work completes on the polling thread instead of hopping through the thread pool. At the rate of devices that hop is
// nearly all a .NET listener costs. Device listeners have a server of their own; everything that may take long is on other threads.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

// The servers' builders would watch the working directory for an appsettings.json; each write of the store below it would then wake a thread.
Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

var root = new RootCommand("Site gateway: reads a construction site's safety devices, judges them, forwards what they say / 工地安全设备网关")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    UserCommand.Create(),
    DeviceCommand.Create(),
    LedgerCommand.Create(),
    StoreCommand.Create(),
    BusCommand.Create(),
    BackupCommand.Create(),
    VerifyCommand.Create(),
    ReportCommand.Create(),
    PresenceCommand.Create(),
    ComplianceCommand.Create(),
    PatrolCommand.Create(),
};
var version = new Command("version", "Print the version / 显示版本");
version.SetAction(_ => Console.WriteLine($"gateway {Gateway.Service.Composition.Version.Text}"));
root.Add(version);
return await root.Parse(args).InvokeAsync();
