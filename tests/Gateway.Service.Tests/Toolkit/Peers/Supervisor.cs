using System.Net.Sockets;
using System.Text;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>systemd's end of sd_notify(3): a datagram socket that keeps what it is told.</summary>
internal sealed class Supervisor : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _told = [];

    public Supervisor() => _socket.Bind(new UnixDomainSocketEndPoint(Address));

    public string Address => _folder["notify"];

    /// <summary>Everything told so far, one entry a datagram.</summary>
    public IReadOnlyList<string> Told
    {
        get
        {
            byte[] datagram = new byte[4096];
            while (_socket.Available > 0) _told.Add(Encoding.UTF8.GetString(datagram, 0, _socket.Receive(datagram)));
            return _told;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
