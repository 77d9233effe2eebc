namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>pymodbus units behind a pseudo-terminal that socat makes; killing socat is pulling the adapter out.</summary>
internal sealed class ModbusUnits : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private ChildProcess? _cable;
    private ChildProcess? _units;

    /// <summary>The gateway's end of the cable.</summary>
    public string Port => _folder["gateway-end"];

    public async Task PlugInAsync()
    {
        await EndAsync();
        var cable = _cable = ChildProcess.Start("socat", ["-d", "-d", $"pty,rawer,link={Port}", $"pty,rawer,link={_folder["device-end"]}"]);
        await cable.WaitForOutputAsync("starting data transfer loop", TimeSpan.FromSeconds(10));
        var units = _units = ChildProcess.Start("/usr/bin/python3", [Repository.FileAt("tests", "Gateway.Tests", "Peers", "modbus_rtu_units.py"), _folder["device-end"], "9600"]);
        await units.WaitForOutputAsync("ready", TimeSpan.FromSeconds(20));
    }

    public Task PullOutAsync() => _cable!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Dispose();
    }

    private async Task EndAsync()
    {
        if (_units is not null) await _units.DisposeAsync();
        if (_cable is not null) await _cable.DisposeAsync();
    }
}
