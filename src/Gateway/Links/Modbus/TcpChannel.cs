using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Links.Serial;

namespace Gateway.Links.Modbus;

/// <summary>A bus behind the TCP address of a converter.</summary>
/// <remarks>A bare socket, because its owner waits in <c>ppoll</c> on a thread of its own and beside a stop signal, like on a port. <b>Source:</b> socket(7), connect(2), tcp(7).</remarks>
internal sealed unsafe class TcpChannel(PortDescriptor socket) : IModbusChannel
{
    private static readonly TimeSpan s_connectMax = TimeSpan.FromSeconds(3);

    /// <summary>The network comes in between: nothing can be told from times.</summary>
    public bool KeepsTime => false;

    /// <param name="host"><c>host:port</c>; looked up anew at every opening.</param>
    public static bool TryOpen(string host, TimeProvider time, StopSignal stop, [NotNullWhen(true)] out IModbusChannel? channel, [NotNullWhen(false)] out SerialFault? fault)
    {
        channel = null;
        string name = $"converter {host}";
        fault = null;
        if (Find(host, out string why) is not { } address)
        {
            fault = SerialFault.OfConverter(name, why);
            return false;
        }

        int descriptor = LibC.Socket(address.AddressFamily == AddressFamily.InterNetworkV6 ? LibC.InternetV6 : LibC.InternetV4, LibC.StreamNonBlockingCloseOnExec, 0);
        if (descriptor < 0)
        {
            fault = SerialFault.OfConverter(name, SerialFault.Text(LibC.LastError));
            return false;
        }

        var socket = new PortDescriptor(descriptor, name);
        if (Connect(socket, address, time, stop) is { } refused)
        {
            socket.Dispose();
            fault = SerialFault.OfConverter(name, refused);
            return false;
        }
        channel = new TcpChannel(socket);
        return true;
    }

    public SerialRead Read(Span<byte> buffer, TimeSpan timeout, StopSignal stop) => socket.Read(buffer, timeout, stop);

    public SerialFault? Write(ReadOnlySpan<byte> bytes, TimeSpan limit) => socket.Write(bytes, limit);

    public void Dispose() => socket.Dispose();

    private static IPEndPoint? Find(string host, out string why)
    {
        int colon = host.LastIndexOf(':');
        string name = host[..colon].Trim('[', ']');
        ushort port = ushort.Parse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        why = $"no address is known for {name}";
        if (IPAddress.TryParse(name, out var address)) return new IPEndPoint(address, port);
        try
        {
            return Dns.GetHostAddresses(name).FirstOrDefault() is { } found ? new IPEndPoint(found, port) : null;
        }
        catch (SocketException unknown)
        {
            why = unknown.Message;
            return null;
        }
    }

    /// <summary>Null when connected; or why not.</summary>
    private static string? Connect(PortDescriptor socket, IPEndPoint endPoint, TimeProvider time, StopSignal stop)
    {
        int one = 1, error = 0;
        uint size = sizeof(int);
        _ = LibC.SetOption(socket.Number, LibC.TcpLevel, LibC.TcpNoDelay, &one, size);
        _ = LibC.SetOption(socket.Number, LibC.SocketLevel, LibC.SocketKeepAlive, &one, size);
        var address = endPoint.Serialize();
        int started;
        fixed (byte* first = address.Buffer.Span) started = LibC.Connect(socket.Number, first, (uint)address.Size);
        if (started == 0) return null;
        if (LibC.LastError != Errno.InProgress) return SerialFault.Text(LibC.LastError);
        bool decided = IsDecided(socket.Number, time, stop);
        if (LibC.GetOption(socket.Number, LibC.SocketLevel, LibC.SocketError, &error, &size) < 0) return SerialFault.Text(LibC.LastError);
        if (error != 0) return SerialFault.Text(error);
        return decided ? null : stop.IsSet ? "asked to stop" : string.Create(CultureInfo.InvariantCulture, $"no answer within {s_connectMax.TotalSeconds:0} s");
    }

    /// <summary>A connection is made or refused when the socket can be written; waits beside the stop signal, and looks again after a mere nudge.</summary>
    private static bool IsDecided(int socket, TimeProvider time, StopSignal stop)
    {
        for (long from = time.GetTimestamp(); s_connectMax - time.GetElapsedTime(from) is var rest && rest > TimeSpan.Zero;)
        {
            Span<LibC.PollEntry> entries = [new() { Descriptor = socket, Wanted = LibC.PollOut }, new() { Descriptor = stop.Descriptor, Wanted = LibC.PollIn }];
            _ = LibC.Wait(entries, rest);
            if (entries[0].Seen != 0) return true;
            if (stop.IsSetAfterWait(entries[1].Seen)) return false;
        }
        return false;
    }
}
