using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Links.Mqtt.Access;
using Gateway.Store;

namespace Gateway.Access;

/// <summary><c>gateway device …</c>: passwords of devices and other MQTT clients, also while the gateway runs; it notices within a second or two.</summary>
/// <param name="who">Who stands in the audit, such as <c>cli:root</c>.</param>
public sealed class DeviceCommands(StoreOptions store, SiteLedger ledger, GatewayClock clock, string who)
{
    /// <summary>Whether this may be set as the password of that device or client.</summary>
    public AccessOutcome Check(string id, string secret)
    {
        if (ledger.Devices.Any(d => d.Id == id && d.Login is not null)) return AccessOutcome.DeviceComesThrough;
        if (MqttLogins.Of(ledger).Find(id) is not { } login)
            return ledger.Devices.Any(d => d.Id == id && DeviceTopics.Of(d).Count > 0) ? AccessOutcome.DeviceSharesTopics : AccessOutcome.DeviceUnknown;
        return DeviceSecret.Allows(secret, id) && DeviceSecret.Allows(secret, login.User) ? AccessOutcome.Done : AccessOutcome.DevicePasswordNotAllowed;
    }

    /// <summary>Sets a password that <see cref="Check"/> allows.</summary>
    public AccessOutcome Set(string id, PasswordHash password) =>
        MqttLogins.Of(ledger).Find(id) is { Credentials.Password: not null } ? AccessOutcome.DevicePasswordInLedger : Write((state, nowMs) => DevicePasswordSteps.Set(state, nowMs, who, id, password));

    /// <summary>Also of one that has left the ledger.</summary>
    public AccessOutcome Remove(string id) => Write((state, nowMs) => DevicePasswordSteps.Remove(state, nowMs, who, id));

    /// <summary>Who may sign in, and by what; in the ledger's order, then whose password is left over.</summary>
    public IReadOnlyList<DeviceLoginView> List()
    {
        using var state = Open();
        var kept = state.DevicePasswords().Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var list = MqttLogins.Of(ledger).All.Select(login => new DeviceLoginView(login.Id, login.IsDevice ? "device" : "client", login.User,
            login.Credentials.Password is not null ? "ledger" : kept.Contains(login.Id) ? "store" : "-", login.Credentials.Certificate ?? "-")).ToList();
        list.AddRange(ledger.Devices.Where(d => d.Login is not null).Select(d => new DeviceLoginView(d.Id, $"through {d.Login}", "-", "-", "-")));
        list.AddRange(kept.Where(id => list.All(l => l.Id != id)).Order(StringComparer.Ordinal).Select(id => new DeviceLoginView(id, "not in the ledger", "-", "store", "-")));
        return list;
    }

    private AccessOutcome Write(Func<StateStore, long, AccessOutcome> step)
    {
        var outcome = AccessOutcome.Done;
        using var state = Open();
        state.Commit(() => outcome = step(state, clock.NowMs()));
        return outcome;
    }

    private StateStore Open()
    {
        Directory.CreateDirectory(store.Directory);
        return StateStore.Open(store.StatePath);
    }
}

/// <summary>How one device or client may prove who it is; no secrets.</summary>
/// <param name="Password">Where its hash is: <c>ledger</c>, <c>store</c> or <c>-</c>.</param>
/// <param name="Certificate">Fingerprint or common name the ledger asks for; <c>-</c>: its own id.</param>
public sealed record DeviceLoginView(string Id, string What, string User, string Password, string Certificate);
