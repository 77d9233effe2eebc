using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>Reads the sections <c>operators</c> and <c>policies</c>.</summary>
internal static class PeopleReader
{
    private static readonly Dictionary<string, string> Certificates = CertificateTypes.All.Keys.ToDictionary(t => t, StringComparer.Ordinal);

    public static Operator ReadOperator(JsonObjectReader o)
    {
        string id = o.Identifier("id");
        var name = o.LocalText("name");
        var certificates = new List<Certificate>();
        foreach (var c in o.Objects("certificates"))
        {
            var certificate = new Certificate(c.OneOf("type", Certificates, ""), c.Text("number"), c.Date("validFrom"), c.Date("validTo"));
            ReportReversed(c, certificate.ValidFrom, certificate.ValidTo);
            c.Done();
            certificates.Add(certificate);
        }
        CodeColour? colour = o.Has("codeColour") ? o.OneOf("codeColour", LedgerWords.CodeColours, CodeColour.Red) : null;
        var seenOn = o.DateOrNull("codeColourOn");
        if (colour is null && seenOn is not null) o.Report("codeColourOn", "expected only beside codeColour");
        if (colour is not null && !o.Has("codeColourOn")) o.Report("codeColourOn", "is missing (the day on which the colour was looked up)");
        o.Done();
        return new Operator(id, name, certificates) { CodeColour = colour, CodeColourOn = seenOn };
    }

    public static Policy ReadPolicy(JsonObjectReader o)
    {
        var policy = new Policy(o.Text("number"), o.LocalText("insurer"), o.Date("validFrom"), o.Date("validTo"))
        {
            Kind = o.OneOf("kind", LedgerWords.PolicyKinds, PolicyKind.SafetyLiability, required: false),
            Insured = o.Has("insured") ? o.LocalText("insured") : null,
        };
        ReportReversed(o, policy.ValidFrom, policy.ValidTo);
        o.Done();
        return policy;
    }

    private static void ReportReversed(JsonObjectReader o, DateOnly from, DateOnly to)
    {
        if (to < from) o.Report("validTo", $"expected a day not before validFrom {from:yyyy-MM-dd}, saw {to:yyyy-MM-dd}");
    }
}
