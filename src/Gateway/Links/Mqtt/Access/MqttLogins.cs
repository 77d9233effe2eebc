using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Domain.Ledger;

namespace Gateway.Links.Mqtt.Access;

/// <summary>One who may sign in: a device that connects by itself, or a client of the ledger.</summary>
/// <param name="Id">Its name in identities, sessions and the audit.</param>
/// <param name="OwnTopics">Filters of the topics of its devices: nobody else's while it has a password or certificate, unless the ledger says so.</param>
internal sealed record MqttLogin(string Id, string User, bool IsDevice, Credentials Credentials, IReadOnlyList<string> OwnTopics, FilterRights Rights);

/// <summary>Everybody the ledger lets sign in, found by what they show. Immutable.</summary>
internal sealed class MqttLogins
{
    private readonly FrozenDictionary<string, MqttLogin> _byId;
    private readonly FrozenDictionary<string, MqttLogin> _byUser;
    private readonly FrozenDictionary<string, MqttLogin> _byFingerprint;
    private readonly FrozenDictionary<string, MqttLogin> _byCommonName;

    private MqttLogins(List<MqttLogin> all)
    {
        All = all;
        _byId = all.ToFrozenDictionary(l => l.Id, StringComparer.Ordinal);
        _byUser = all.ToFrozenDictionary(l => l.User, StringComparer.Ordinal);
        // Apart, or a common name made up of somebody's fingerprint would be taken for it.
        _byFingerprint = all.Where(IsPinned).ToFrozenDictionary(l => l.Credentials.Certificate!, StringComparer.Ordinal);
        _byCommonName = all.Where(l => !IsPinned(l)).ToFrozenDictionary(l => l.Credentials.Certificate ?? l.Id, StringComparer.Ordinal);
    }

    /// <summary>In the ledger's order, devices first.</summary>
    public IReadOnlyList<MqttLogin> All { get; }

    /// <param name="ledger">One that <see cref="MqttLedgerCheck"/> found nothing wrong with.</param>
    public static MqttLogins Of(SiteLedger ledger)
    {
        var topics = new DeviceTopics(ledger);
        var all = new List<MqttLogin>();
        foreach (var device in ledger.Devices.Where(d => d.Login is null && topics.StandAlone(d))) all.Add(LoginOf(device.Id, device.Id, true, device.Credentials, [device], [], []));
        var through = ledger.Devices.Where(d => d.Login is not null).ToLookup(d => d.Login!, StringComparer.Ordinal);
        foreach (var client in ledger.Clients) all.Add(LoginOf(client.Id, client.User, false, client.Credentials, [.. through[client.Id]], client.Publish, client.Subscribe));
        return new MqttLogins(all);

        MqttLogin LoginOf(string id, string user, bool isDevice, Credentials credentials, List<Device> devices, IReadOnlyList<string> publish, IReadOnlyList<string> subscribe)
        {
            List<string> own = [.. devices.SelectMany(DeviceTopics.Of)];
            var rights = new FilterRights([.. own, .. topics.OthersBelow(devices), .. publish], [.. own, .. devices.SelectMany(DeviceTopics.ReadBy), .. subscribe]);
            return new MqttLogin(id, user, isDevice, credentials, own, rights);
        }
    }

    public MqttLogin? Find(string id) => _byId.GetValueOrDefault(id);

    public MqttLogin? ByUser(string user) => _byUser.GetValueOrDefault(user);

    /// <summary>Whose certificate this is; null when the ledger knows nobody by it.</summary>
    /// <param name="certificate">Already verified to come from a trusted authority.</param>
    public MqttLogin? Of(X509Certificate2 certificate)
    {
        if (_byFingerprint.GetValueOrDefault(certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()) is { } pinned) return pinned;
        return CommonName(certificate) is { } name ? _byCommonName.GetValueOrDefault(name) : null;
    }

    /// <summary>The subject's common name; null when it has none, or more than one, for then nobody knows which was meant.</summary>
    public static string? CommonName(X509Certificate2 certificate)
    {
        const string commonName = "2.5.4.3";
        string? found = null;
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements || part.GetSingleElementType().Value != commonName) continue;
            if (found is not null) return null;
            found = part.GetSingleElementValue();
        }
        return found;
    }

    private static bool IsPinned(MqttLogin login) => login.Credentials.Certificate is { Length: Credentials.FingerprintDigits } text && text.All(char.IsAsciiHexDigitLower);
}
