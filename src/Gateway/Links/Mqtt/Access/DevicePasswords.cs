using System.Collections.Frozen;
using Gateway.Access;
using Gateway.Store;

namespace Gateway.Links.Mqtt.Access;

/// <summary>The password of everybody who has one: from the ledger, else from the store, which another process may write at any time.</summary>
/// <remarks><b>Threading</b>: safe for all.</remarks>
internal sealed class DevicePasswords(MqttLogins logins, StateReader reader)
{
    private volatile FrozenDictionary<string, PasswordHash> _byId = FrozenDictionary<string, PasswordHash>.Empty;
    private volatile int[] _iterations = [DeviceSecret.IterationsMade];
    private MqttLogins _logins = logins;
    private readonly Lock _refreshing = new();
    private long _version = -1;

    public PasswordHash? Of(string id) => _byId.GetValueOrDefault(id);

    /// <summary>How many have one.</summary>
    public int Count => _byId.Count;

    /// <summary>Iterations for a name that has no password, drawn from those of all who have one: what an answer costs then says nothing about the name.</summary>
    public int IterationsForNobody(uint draw)
    {
        int[] all = _iterations;
        return all[draw % all.Length];
    }

    /// <summary>Reads the passwords of others than before.</summary>
    /// <returns>Whose password is another than before.</returns>
    /// <exception cref="StoreException">The store cannot be read; what was known stays.</exception>
    public IReadOnlySet<string> Follow(MqttLogins logins)
    {
        lock (_refreshing)
        {
            (_logins, _version) = (logins, -1);
            return Refresh();
        }
    }

    /// <summary>Reads what changed.</summary>
    /// <returns>Whose password is another than before.</returns>
    /// <exception cref="StoreException">The store cannot be read; what was known stays.</exception>
    public IReadOnlySet<string> Refresh()
    {
        lock (_refreshing) return ReadChanges();
    }

    private HashSet<string> ReadChanges()
    {
        long version = reader.DevicePasswordsVersion();
        if (version == _version) return [];
        var before = _byId;
        var now = reader.DevicePasswords().Where(p => _logins.Find(p.Id) is not null).ToDictionary(p => p.Id, p => p.Password, StringComparer.Ordinal);
        // The ledger wins: it is the one place a person looks at.
        foreach (var login in _logins.All)
            if (login.Credentials.Password is { } text && PasswordHash.TryParse(text, out var hash)) now[login.Id] = hash!;
        _byId = now.ToFrozenDictionary(StringComparer.Ordinal);
        if (now.Count > 0) _iterations = [.. now.Values.Select(h => h.Iterations)];
        _version = version;
        return now.Keys.Union(before.Keys).Where(id => !(now.TryGetValue(id, out var a) && before.TryGetValue(id, out var b) && a.IsSameAs(b))).ToHashSet(StringComparer.Ordinal);
    }
}
