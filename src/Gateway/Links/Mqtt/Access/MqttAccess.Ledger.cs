using System.Collections.Frozen;
using Gateway.Domain.Ledger;
using Gateway.Store;

namespace Gateway.Links.Mqtt.Access;

/// <summary>Another ledger: others may sign in, and with other rights.</summary>
public sealed partial class MqttAccess
{
    private readonly Lock _following = new();

    /// <summary>
    /// Takes over who may sign in. Connected clients whose name, credentials or own rights are others now sign in again; for all the rest topics are judged anew at the next message.
    /// </summary>
    public void Follow(SiteLedger ledger)
    {
        var logins = MqttLogins.Of(ledger);
        lock (_following)
        {
            var before = _logins;
            // Who has nothing to show comes in without a name, before and after: for him only topics change.
            var changed = before.All.Where(l => HasCredentials(l) && !IsSame(l, logins.Find(l.Id))).Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
            changed.UnionWith(logins.All.Where(l => l.Credentials.Certificate is { } shown && before.Find(l.Id)?.Credentials.Certificate != shown).Select(l => l.Id));
            _logins = logins;
            changed.UnionWith(PasswordsOf(logins));
            Tell(changed);
        }
    }

    /// <summary>A store that cannot be read leaves the passwords that are known in force; the next look tries again.</summary>
    private IReadOnlySet<string> PasswordsOf(MqttLogins logins)
    {
        try
        {
            return _passwords.Follow(logins);
        }
        catch (StoreException refused)
        {
            if (!_unreadable) Log.Unreadable(_log, refused.Message);
            _unreadable = true;
            return FrozenSet<string>.Empty;
        }
    }

    private static bool IsSame(MqttLogin before, MqttLogin? now) => now is not null && before.User == now.User && before.Credentials == now.Credentials && before.Rights.IsSameAs(now.Rights);
}
