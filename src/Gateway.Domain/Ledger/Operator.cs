using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

public sealed record Operator(string Id, LocalText Name, IReadOnlyList<Certificate> Certificates)
{
    /// <summary>Colour of the person's safety code (建安码), where the province has one; yellow or red may not enter.</summary>
    public CodeColour? CodeColour { get; init; }

    /// <summary>Day on which <see cref="CodeColour"/> was looked up.</summary>
    public DateOnly? CodeColourOn { get; init; }

    /// <summary>Whether a certificate for this kind of machine is valid that day (DOMAIN §8: trade 05 tower crane, 06 hoist, 07 material hoist).</summary>
    public bool MayOperate(string kind, DateOnly day) =>
        Certificates.Any(c => CertificateTypes.Fits(c.Type, kind) && day >= c.ValidFrom && day <= c.ValidTo);
}

public enum CodeColour : byte { Green, Yellow, Red }

/// <param name="Type">One of <see cref="CertificateTypes.All"/>.</param>
/// <param name="ValidFrom">First civil day.</param>
/// <param name="ValidTo">Last civil day.</param>
public sealed record Certificate(string Type, string Number, DateOnly ValidFrom, DateOnly ValidTo);

/// <summary>Certificates of special operations in construction and, where one lets a person operate a machine, which kind.</summary>
/// <remarks>Source: the trades 01 to 11 in certificate numbers, DOMAIN §8.</remarks>
public static class CertificateTypes
{
    public const string TowerCraneDriver = "tower-crane-driver";
    public const string HoistDriver = "hoist-driver";
    public const string MaterialHoistDriver = "material-hoist-driver";

    /// <summary>Every type, and its trade: the two digits after the letters of the certificate's number.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["electrician"] = "01",
        ["scaffolder"] = "02",
        ["climbing-scaffolder"] = "03",
        ["rigger-signaller"] = "04",
        [TowerCraneDriver] = "05",
        [HoistDriver] = "06",
        [MaterialHoistDriver] = "07",
        ["tower-crane-erector"] = "08",
        ["hoist-erector"] = "09",
        ["material-hoist-erector"] = "10",
        ["basket-installer"] = "11",
    };

    private static readonly Dictionary<string, string> KindsByType = new(StringComparer.Ordinal)
    {
        [TowerCraneDriver] = "crane",
        [HoistDriver] = "hoist",
        [MaterialHoistDriver] = "material-hoist",
    };

    /// <summary>Whether whoever works with this kind of machine must hold one of them.</summary>
    public static bool AreNeededFor(string kind) => KindsByType.ContainsValue(kind);

    public static bool Fits(string certificateType, string kind) =>
        KindsByType.TryGetValue(certificateType, out string? fitting) && string.Equals(fitting, kind, StringComparison.Ordinal);
}
