using System.Security.Cryptography;
using Gateway.Decoding;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Rules;
using Gateway.Links.Mqtt.Access;

namespace Gateway.Service.Composition;

/// <summary>The site as its files describe it: ledger, profiles, rules; validated together, immutable.</summary>
/// <param name="Document">The ledger's own text, tables included.</param>
internal sealed partial record SiteModel(SiteLedger Ledger, LedgerDocument Document, ProfileCatalog Profiles, IReadOnlyList<Rule> Rules, string RulesSha256)
{
    /// <summary>Version of the ledger, hex.</summary>
    public string LedgerSha256 => Document.Sha256;

    /// <summary>Null when anything is wrong; then <paramref name="problems"/> says everything that is.</summary>
    /// <param name="candidate">Another ledger to check instead of the configured one.</param>
    public static SiteModel? Load(GatewayConfiguration configuration, Problems problems, LedgerDocument? candidate = null)
    {
        int before = problems.Items.Count;
        var profiles = LoadProfiles(configuration, problems);
        var packs = Files("rules", configuration.Gateway.Rules, configuration, problems);
        var rules = packs.SelectMany(p => RulePackReader.Read(p.File, p.Utf8, problems)).ToList();
        foreach (var twice in rules.GroupBy(r => r.Id).Where(g => g.Count() > 1)) problems.Add("rules", twice.Key, $"rule id stands in packs {string.Join(" and ", twice.Select(r => r.Pack))}");
        var document = candidate ?? ReadLedger(configuration, problems);
        if (document is null) return null;
        var found = new Problems();
        var ledger = Check(document, configuration, profiles, found);
        foreach (var problem in found.Items.Select(document.Relocate)) problems.Add(problem.File, problem.Place, problem.Text);
        if (problems.Items.Count > before || ledger is null) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, pack) in packs) hash.AppendData(pack.Span);
        // Also a broker without a device is missed when it is gone.
        ledger = ledger with { Brokers = [.. configuration.Brokers.Select(b => b.Id)] };
        return new SiteModel(ledger, document, profiles, rules, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static LedgerDocument? ReadLedger(GatewayConfiguration configuration, Problems problems)
    {
        string path = configuration.Resolve(configuration.Gateway.Ledger);
        if (File.Exists(path) || Directory.Exists(path)) return LedgerFiles.Read(path, problems);
        problems.Add(configuration.File, "Gateway.Ledger", $"no such file: {path}");
        return null;
    }

    /// <summary>The ledger by itself, and against everything it refers to.</summary>
    private static SiteLedger? Check(LedgerDocument document, GatewayConfiguration configuration, ProfileCatalog profiles, Problems problems)
    {
        if (LedgerReader.Read(document.File, document.Utf8, profiles.KindsByProfile, problems) is not { } ledger) return null;
        // A port named without a leading slash lies beside the ledger.
        string folder = Path.GetDirectoryName(LedgerFiles.JsonOf(configuration.Resolve(configuration.Gateway.Ledger)))!;
        ledger = ledger with { Buses = [.. ledger.Buses.Select(b => b.Host is null ? b with { Port = Path.GetFullPath(b.Port, folder) } : b)] };
        CheckLinks(document.File, ledger, profiles, problems);
        CheckBrokers(document.File, ledger, configuration, problems);
        BureauCheck.CheckDevices(configuration, ledger, problems);
        SharedTopics.Check(document.File, ledger, profiles, problems);
        MqttLedgerCheck.Check(document.File, ledger, problems);
        return ledger;
    }

    /// <param name="configuration">Null: only what is built in.</param>
    public static ProfileCatalog LoadProfiles(GatewayConfiguration? configuration, Problems problems) =>
        ProfileCatalog.Load(Files("profiles", configuration?.Gateway.Profiles, configuration, problems), problems);

    private static void CheckLinks(string file, SiteLedger ledger, ProfileCatalog profiles, Problems problems)
    {
        for (int i = 0; i < ledger.Devices.Count; i++)
        {
            var device = ledger.Devices[i];
            var profile = profiles[device.Profile];
            bool fits = device.Link switch
            {
                LinkKind.Modbus => profile.Modbus is not null,
                LinkKind.Hj212 => profile.Hj212 is not null,
                LinkKind.Sparkplug => profile.Sparkplug is not null,
                LinkKind.Goyo => profile.Box?.Goyo is not null,
                LinkKind.Tx101 => profile.Box?.Tx101 is not null,
                _ => profile.Json is not null,
            };
            if (!fits) problems.Add(file, $"devices[{i}].profile", $"profile {device.Profile} says nothing about link {device.Link.ToString().ToLowerInvariant()}");
        }
    }

    private static void CheckBrokers(string file, SiteLedger ledger, GatewayConfiguration configuration, Problems problems)
    {
        var known = configuration.Brokers.Select(b => b.Id).ToList();
        for (int i = 0; i < ledger.Devices.Count; i++)
            if (ledger.Devices[i].Broker is { } broker && !known.Contains(broker, StringComparer.Ordinal))
                problems.Add(file, $"devices[{i}].broker", $"expected one of the brokers in {configuration.File} ({(known.Count == 0 ? "it has none" : string.Join(", ", known))}), saw \"{broker}\"");
    }

    /// <summary>The built-in files, then the folder's; a file of the same name replaces the built-in one.</summary>
    private static List<(string File, ReadOnlyMemory<byte> Utf8)> Files(string what, string? folder, GatewayConfiguration? configuration, Problems problems)
    {
        var files = new SortedDictionary<string, (string, ReadOnlyMemory<byte>)>(StringComparer.Ordinal);
        var assembly = typeof(SiteModel).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith($"{what}/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files[Path.GetFileName(resource)] = ($"built-in {resource}", bytes);
        }
        if (folder is null || configuration is null) return [.. files.Values];
        string path = configuration.Resolve(folder);
        if (!Directory.Exists(path)) problems.Add(configuration.File, $"Gateway.{char.ToUpperInvariant(what[0])}{what[1..]}", $"no such folder: {path}");
        else
            foreach (string file in Directory.EnumerateFiles(path, "*.json")) files[Path.GetFileName(file)] = (file, File.ReadAllBytes(file));
        return [.. files.Values];
    }
}
