using System.Net.Sockets;

namespace FirmwareSim.Wire;

/// <summary>What a device does on one connection.</summary>
internal interface ILinkSession
{
    /// <summary>Greets the other side; null when the session stands, otherwise why not.</summary>
    Task<string?> OpenAsync(NetworkStream stream, CancellationToken stop);

    /// <summary>Reads until the other side goes away or <paramref name="stop"/>; returns why it ended.</summary>
    Task<string> ReadAsync(NetworkStream stream, CancellationToken stop);

    /// <summary>Writes whatever is due until the link breaks or <paramref name="stop"/>; returns why it ended.</summary>
    Task<string> WriteAsync(NetworkStream stream, CancellationToken stop);

    /// <summary>Says goodbye in good form.</summary>
    Task CloseAsync(NetworkStream stream, CancellationToken stop);
}
