using Gateway.Store;
using Gateway.Store.Damage;

namespace Gateway.Engine;

/// <summary>A store that commits with each round of the engine: what it holds is on disk before anything of the round is acknowledged. Called on the engine's thread only.</summary>
public interface IRoundStore
{
    /// <summary>The file, as people know it.</summary>
    string Name { get; }

    /// <summary>What was found and recovered when it was opened, null when all was well.</summary>
    FileDamage? Damage { get; }

    /// <summary>Recovers its file and goes on with what could be read.</summary>
    /// <param name="alive">Called now and then while it works.</param>
    FileDamage Repair(string found, DateTimeOffset now, Action alive);

    bool HasWork { get; }

    /// <exception cref="StoreException">Nothing was kept; the engine offers the same again.</exception>
    void Commit();

    /// <summary>Returns free pages to the file system, a bounded part; once a second.</summary>
    /// <exception cref="StoreException">Not now.</exception>
    void GiveBack();

    /// <summary>The round is acknowledged: tell whoever waited for the commit. Must not block.</summary>
    void Publish();
}
