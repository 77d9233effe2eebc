using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>The members of an entry as they are in force, defaults included, as text to compare and to show. A member that is not there is null; secrets are shown by a fingerprint.</summary>
internal static class LedgerMembers
{
    public static IReadOnlyList<(string Member, string? Value)> Of(SiteLedger ledger)
    {
        var s = ledger.Site;
        return [("id", s.Id), ("name", Text(s.Name)), ("timeZone", s.TimeZone.Id), ("class", s.Class), ("calendar", ledger.Calendar?.Id)];
    }

    public static IReadOnlyList<(string Member, string? Value)> Of(Enterprise e) => [("name", Text(e.Name)), ("role", e.Role)];

    public static IReadOnlyList<(string Member, string? Value)> Of(Machine m)
    {
        var g = m.Geometry;
        return
        [
            ("name", Text(m.Name)), ("type", LedgerWords.Of(LedgerWords.MachineTypes, m.Type)), ("registration", m.Registration), ("filing", m.Filing), ("model", m.Model), ("maker", m.Maker),
            ("owner", m.Owner), ("lessor", m.Lessor), ("geometry.x", Number(g?.X)), ("geometry.y", Number(g?.Y)), ("geometry.baseHeightM", Number(g?.BaseHeightM)), ("geometry.heightM", Number(g?.HeightM)),
            ("geometry.jibM", Number(g?.JibM)), ("geometry.counterJibM", Number(g?.CounterJibM)), ("geometry.slewOffsetDeg", Number(g?.SlewOffsetDeg)),
        ];
    }

    public static IReadOnlyList<(string Member, string? Value)> Of(WorkCalendar c) =>
    [
        ("name", c.Name is { } name ? Text(name) : null), ("workdays", string.Join(' ', LedgerWords.Days.Where(d => c.Workdays.Contains(d.Value)).Select(d => d.Key))), ("hours", List(c.Hours.Select(h => h.ToString()))),
        ("holidays", List(c.Holidays.Order().Select(Day))), ("extraWorkdays", List(c.ExtraWorkdays.Order().Select(Day))),
    ];

    public static IReadOnlyList<(string Member, string? Value)> Of(Bus b) =>
    [
        ("name", Text(b.Name)), ("protocol", LedgerWords.Of(LedgerWords.Protocols, b.Protocol)), ("port", b.Host is null ? b.Port : null), ("host", b.Host), ("transport", b.Host is null ? null : LedgerWords.Of(LedgerWords.Transports, b.ModbusTcp)),
        ("baud", Number(b.Baud)), ("framing", b.Framing), ("rs485", Flag(b.Rs485)), ("responseTimeoutMs", b.Protocol == BusProtocol.Modbus ? Number(b.ResponseTimeoutMs) : null),
    ];

    public static IReadOnlyList<(string Member, string? Value)> Of(Device d) =>
    [
        ("name", Text(d.Name)), ("kind", d.Kind), ("profile", d.Profile), ("link", LedgerWords.Of(LedgerWords.Links, d.Link)), ("broker", d.Broker), ("bus", d.Bus), ("address", d.Address), ("safety", Flag(d.Safety)),
        ("machine", d.Machine), ("place", d.Place), ("expectedIntervalSeconds", Number(d.ExpectedMs / 1000.0)), ("offlineAfterSeconds", Number(d.OfflineAfterMs / 1000.0)), ("inService", Day(d.InServiceFrom)), ("outOfService", Day(d.InServiceTo)),
        ("registration", d.Registration), ("priority", d.Link == LinkKind.Modbus ? LedgerWords.Of(LedgerWords.Priorities, d.Priority) : null), ("login", d.Login), ("password", Fingerprint(d.Credentials.Password)), ("certificate", d.Credentials.Certificate),
        ("hj212.crc", d.Link == LinkKind.Hj212 ? LedgerWords.Of(LedgerWords.Hj212CrcRules, d.Hj212.Crc) : null), ("hj212.setIntervals", d.Link == LinkKind.Hj212 ? Flag(d.Hj212.SetIntervals) : null), ("hj212.minuteInterval", Number(d.Hj212.MinuteInterval)),
    ];

    public static IReadOnlyList<(string Member, string? Value)> Of(Client c) =>
        [("name", Text(c.Name)), ("user", c.User), ("password", Fingerprint(c.Credentials.Password)), ("certificate", c.Credentials.Certificate), ("publish", List(c.Publish)), ("subscribe", List(c.Subscribe))];

    public static IReadOnlyList<(string Member, string? Value)> Of(Operator o) =>
    [
        ("name", Text(o.Name)), ("codeColour", o.CodeColour is { } colour ? LedgerWords.Of(LedgerWords.CodeColours, colour) : null), ("codeColourOn", Day(o.CodeColourOn)),
        ("certificates", List(o.Certificates.Select(c => $"{c.Type} {c.Number} {Day(c.ValidFrom)}..{Day(c.ValidTo)}"))),
    ];

    public static IReadOnlyList<(string Member, string? Value)> Of(Policy p) =>
        [("insurer", Text(p.Insurer)), ("kind", LedgerWords.Of(LedgerWords.PolicyKinds, p.Kind)), ("insured", p.Insured is { } insured ? Text(insured) : null), ("validFrom", Day(p.ValidFrom)), ("validTo", Day(p.ValidTo))];

    private static string Text(LocalText text) => text.Zh == text.En ? text.Zh : $"{text.Zh} / {text.En}";

    private static string Flag(bool flag) => flag ? "true" : "false";

    private static string? Number(double? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? List(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } list ? list : null;

    private static string? Fingerprint(string? secret) => secret is null ? null : $"({Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..8]})";
}
