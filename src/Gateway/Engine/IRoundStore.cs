using Gateway.Store;

namespace Gateway.Engine;

/// <summary>A store that commits with each round of the engine: what it holds is on disk before anything of the round is acknowledged. Called on the engine's thread only.</summary>
public interface IRoundStore
{
    bool HasWork { get; }

    /// <exception cref="StoreException">Nothing was kept; the engine offers the same again.</exception>
    void Commit();

    /// <summary>The round is acknowledged: tell whoever waited for the commit. Must not block.</summary>
    void Publish();
}
