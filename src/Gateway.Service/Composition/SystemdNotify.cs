using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Service.Composition;

/// <summary>Tells systemd how we are (sd_notify(3)): ready, stopping, alive. Without a supervisor every call does nothing.</summary>
internal sealed class SystemdNotify : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _supervisor;

    public SystemdNotify()
    {
        string? path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(path)) return;
        // A leading @ names an abstract socket, written with a NUL.
        _supervisor = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    }

    /// <summary>Half of what the supervisor waits for a sign of life; null when it does not watch.</summary>
    public static TimeSpan? WatchdogInterval =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out long us) && us > 0 ? TimeSpan.FromMicroseconds(us / 2.0) : null;

    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    public void Stopping() => Send("STOPPING=1");

    public void Alive() => Send("WATCHDOG=1");

    public void Dispose() => _socket?.Dispose();

    private void Send(string message)
    {
        if (_socket is null) return;
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(message), _supervisor!);
        }
        catch (SocketException)
        {
            // The supervisor went away; it will notice us by other means, and there is nobody to tell.
        }
    }
}
