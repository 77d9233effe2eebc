using System.Runtime.InteropServices;
using FirmwareSim;
using FirmwareSim.Control;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(SimOptions.Usage);
    return 0;
}
if (SimOptions.Parse(args, out string problem) is not { } options)
{
    Console.Error.WriteLine($"firmware-sim: {problem}");
    return 2;
}

using var stop = new CancellationTokenSource();
using PosixSignalRegistration interrupt = StopOn(PosixSignal.SIGINT);
using PosixSignalRegistration terminate = StopOn(PosixSignal.SIGTERM);

var journal = new Journal(Console.Out, TimeProvider.System);
var site = new Site(options, TimeProvider.System, journal);
var desk = new CommandDesk(site.Devices, stop.Cancel, journal);
try
{
    await using WebApplication control = await ControlPort.StartAsync(options.Control, desk, site.Devices, site.Bus);
    journal.WriteRaw(Banner.Compose(options, [.. site.Devices.Select(d => d.Id)]));
    Keyboard.Listen(Console.In, desk, journal);
    await site.RunAsync(stop.Token);
    await control.StopAsync();
    journal.Write("stopped");
    return 0;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"firmware-sim: {failure.Message}");
    return 1;
}

PosixSignalRegistration StopOn(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
