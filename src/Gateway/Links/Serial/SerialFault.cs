using System.Runtime.InteropServices;

namespace Gateway.Links.Serial;

/// <summary>Why a port cannot be used, as a sentence that names the port, what was expected and what was seen.</summary>
internal sealed record SerialFault(SerialFaultKind Kind, string Reason)
{
    public static SerialFault OfOpen(string path, int error) => error switch
    {
        Errno.NoEntry or Errno.NoSuchAddress or Errno.NoDevice or Errno.InputOutput or Errno.NotADirectory =>
            new(SerialFaultKind.NoSuchDevice, $"port {path}: no such device; expected an adapter to be plugged in there ({Text(error)})"),
        Errno.AccessDenied or Errno.OperationNotPermitted =>
            new(SerialFaultKind.PermissionDenied, $"port {path}: permission denied; add the service's user to the port's group, usually dialout"),
        Errno.Busy or Errno.TryAgain =>
            new(SerialFaultKind.Busy, $"port {path}: is held by another process; one bus and one program can own it at a time"),
        Errno.NotATerminal or Errno.IsADirectory =>
            new(SerialFaultKind.NotASerialPort, $"port {path}: is not a serial port; expected a tty device ({Text(error)})"),
        _ => new(SerialFaultKind.Failed, $"port {path}: cannot be opened ({Text(error)})"),
    };

    public static SerialFault OfSettings(string path, int baud, SerialFraming framing, string seen) =>
        new(SerialFaultKind.SettingsRefused, $"port {path}: expected {baud} {framing}, the driver gives {seen}");

    public static SerialFault OfUse(string path, string doing, int error) => error == 0
        ? new(SerialFaultKind.Lost, $"port {path}: lost while {doing} (hang-up)")
        : new(SerialFaultKind.Lost, $"port {path}: lost while {doing} ({Text(error)})");

    public static SerialFault OfStuckWrite(string path, TimeSpan limit) =>
        new(SerialFaultKind.Stuck, $"port {path}: took no bytes for {limit.TotalMilliseconds:0} ms; the adapter hangs");

    public static string Text(int error) => $"{Marshal.GetPInvokeErrorMessage(error)}, errno {error}";
}
