using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;

namespace Gateway.Decoding;

/// <summary>All device profiles in force, by id. Immutable.</summary>
public sealed class ProfileCatalog
{
    private readonly Dictionary<string, WireProfile> _byId;

    public ProfileCatalog(IEnumerable<WireProfile> profiles) => _byId = profiles.ToDictionary(p => p.Device.Id, StringComparer.Ordinal);

    /// <summary>Profile id → kind of device: what the ledger is checked against.</summary>
    public IReadOnlyDictionary<string, string> KindsByProfile => _byId.ToDictionary(p => p.Key, p => p.Value.Device.Kind, StringComparer.Ordinal);

    public IReadOnlyCollection<WireProfile> All => _byId.Values;

    public WireProfile this[string id] => _byId[id];

    /// <summary>The profile an unregistered device of this kind is read with: of those that this link can use the first by id, one of our own form before a vendor's; or null.</summary>
    public WireProfile? ForUnregistered(string kind, LinkKind link) =>
        _byId.Values.Where(p => p.Device.Kind == kind && (link == LinkKind.Hj212 ? p.Hj212 is not null : p.Json is not null))
            .OrderBy(p => p.IsVendorForm).ThenBy(p => p.Device.Id, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Reads every <c>*.json</c> of the folder; problems name file and place.</summary>
    public static ProfileCatalog Load(IEnumerable<(string File, ReadOnlyMemory<byte> Utf8)> files, Problems problems)
    {
        var profiles = new Dictionary<string, WireProfile>(StringComparer.Ordinal);
        foreach (var (file, utf8) in files)
        {
            var profile = WireProfileReader.Read(file, utf8, problems);
            if (profile is not null && !profiles.TryAdd(profile.Device.Id, profile)) problems.Add(file, "id", $"profile \"{profile.Device.Id}\" stands in two files");
        }
        return new ProfileCatalog(profiles.Values);
    }
}
