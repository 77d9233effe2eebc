namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>A peer that does not come up is ended all the same.</summary>
internal static class Peer
{
    public static async Task<T> UpAsync<T>(T peer, Func<T, Task> ready)
        where T : IAsyncDisposable
    {
        try
        {
            await ready(peer);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }
}
