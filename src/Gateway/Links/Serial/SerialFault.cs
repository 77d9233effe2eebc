using System.Runtime.InteropServices;

namespace Gateway.Links.Serial;

/// <summary>Why a port cannot be used, as a sentence that names the port, what was expected and what was seen.</summary>
internal sealed record SerialFault(SerialFaultKind Kind, string Reason)
{
    public static SerialFault OfOpen(string path, int error) => error switch
    {
        Errno.NoEntry or Errno.NoSuchAddress or Errno.NoDevice or Errno.InputOutput or Errno.NotADirectory =>
            new(SerialFaultKind.NoSuchDevice, $"port {path}: no such device ({Text(error)}); {SerialDevices.PluggedIn()}"),
        Errno.AccessDenied or Errno.OperationNotPermitted =>
            new(SerialFaultKind.PermissionDenied, $"port {path}: permission denied; add the service's user to the device's group, {SerialDevices.GroupOf(path) ?? "usually dialout"}"),
        Errno.Busy or Errno.TryAgain => new(SerialFaultKind.Busy, $"port {path}: is held by {HolderOf(path)}; one bus and one program can own it at a time"),
        Errno.NotATerminal or Errno.IsADirectory =>
            new(SerialFaultKind.NotASerialPort, $"port {path}: is not a serial port; expected a tty device ({Text(error)})"),
        _ => new(SerialFaultKind.Failed, $"port {path}: cannot be opened ({Text(error)})"),
    };

    public static SerialFault OfSettings(string path, int baud, SerialFraming framing, string seen) =>
        new(SerialFaultKind.SettingsRefused, $"port {path}: expected {baud} {framing}, the driver gives {seen}");

    public static SerialFault OfRs485(string path, int error) => new(SerialFaultKind.SettingsRefused,
        $"port {path}: the driver cannot switch the direction of an RS-485 pair ({Text(error)}); leave rs485 out where the adapter does it by itself, as USB adapters do");

    /// <param name="name">As of <see cref="NameOf"/>, or of a converter.</param>
    public static SerialFault OfUse(string name, string doing, int error) => error == 0
        ? new(SerialFaultKind.Lost, $"{name}: lost while {doing} (hang-up)")
        : new(SerialFaultKind.Lost, $"{name}: lost while {doing} ({Text(error)})");

    public static SerialFault OfStuckWrite(string name, TimeSpan limit) =>
        new(SerialFaultKind.Stuck, $"{name}: took no bytes for {limit.TotalMilliseconds:0} ms; the adapter hangs");

    public static SerialFault OfConverter(string name, string why) =>
        new(SerialFaultKind.Unreachable, $"{name}: cannot be reached ({why}); look at its power, network cable and address");

    public static string NameOf(string path) => $"port {path}";

    public static string Text(int error) => $"{Marshal.GetPInvokeErrorMessage(error)}, errno {error}";

    private static string HolderOf(string path) => SerialDevices.Holders(path) is { Length: > 0 } known ? known : "another process that this user may not look at";
}
