using System.Text.Json;
using Gateway.Domain.Compliance;

namespace Gateway.Domain.Reports;

/// <summary>What a report says about where it comes from: the chain it rests on, and everything it was told that is not in the chain.</summary>
internal static class ReportBasisJson
{
    public static void WriteEvidence(Utf8JsonWriter json, SiteReport report)
    {
        var evidence = report.Input.Evidence;
        var (firstSeq, openMs) = (long.MaxValue, 0L);
        foreach (var piece in report.Accounts.Devices.SelectMany(d => d.Pieces))
        {
            if (piece.Seq > 0) firstSeq = Math.Min(firstSeq, piece.Seq);
            if (piece.EntrySeq > 0) firstSeq = Math.Min(firstSeq, piece.EntrySeq);
            if (RestsOnOpen(piece)) openMs += piece.LengthMs;
        }
        json.WriteStartObject("evidence");
        json.WriteString("gateway", evidence.Gateway);
        json.WriteString("ledgerSha256", evidence.LedgerSha256);
        json.WriteNumber("headSeq", evidence.HeadSeq);
        json.WriteString("headHash", evidence.HeadHash);
        json.WriteNumber("firstSeq", firstSeq == long.MaxValue ? 0 : firstSeq);
        json.WriteNumber("openMs", openMs);
        json.WriteEndObject();
    }

    /// <summary>No closed row stands for it: it is what the gateway said when the report was asked for.</summary>
    public static bool RestsOnOpen(in AccountPiece piece) =>
        piece.Seq == 0 && piece.State is AccountState.Online or AccountState.Offline || (piece is { Seq: 0, State: AccountState.Unknown } && piece.Cause != AccountCause.NoRecord);

    public static void WriteDevice(Utf8JsonWriter json, AccountDevice device)
    {
        json.WriteString("id", device.Id);
        ReportJson.Text(json, device.Name);
        json.WriteString("kind", device.Kind);
        if (device.Enterprise is { } enterprise) json.WriteString("enterprise", enterprise);
        json.WriteBoolean("safety", device.Safety);
        if (device.Service.FromMs is { } fromMs) json.WriteNumber("serviceFromMs", fromMs);
        if (device.Service.ToMs is { } toMs) json.WriteNumber("serviceToMs", toMs);
    }

    public static void WriteBasis(ReportSink sink, ReportInput input)
    {
        var json = sink.Json;
        json.WriteStartObject("basis");
        Each(sink, "enterprises", input.Enterprises.OrderBy(e => e.Id, StringComparer.Ordinal), enterprise =>
        {
            json.WriteString("id", enterprise.Id);
            ReportJson.Text(json, enterprise.Name);
            json.WriteString("role", enterprise.Role);
        });
        Each(sink, "open", input.Open.OrderBy(o => o.Device, StringComparer.Ordinal), open =>
        {
            json.WriteString("device", open.Device);
            json.WriteString("state", ReportJson.WordOf(open.State));
            json.WriteString("cause", open.Cause);
            json.WriteNumber("fromMs", open.FromMs);
        });
        Each(sink, "work", input.Work.Where(w => w.FromMs < input.Window.ToMs && w.ToMs > input.Window.FromMs).OrderBy(w => w.Device, StringComparer.Ordinal).ThenBy(w => w.FromMs).ThenBy(w => w.Seq).ThenBy(w => w.ToMs).ThenBy(w => w.Operator, StringComparer.Ordinal), work =>
        {
            json.WriteString("device", work.Device);
            json.WriteNumber("fromMs", work.FromMs);
            json.WriteNumber("toMs", work.ToMs);
            if (work.Operator is { } person) json.WriteString("operator", person);
            json.WriteNumber("seq", work.Seq);
        });
        Each(sink, "operators", input.Operators.OrderBy(o => o.Id, StringComparer.Ordinal), person =>
        {
            json.WriteString("id", person.Id);
            ReportJson.Text(json, person.Name);
            Each(sink, "certificates", person.Certificates.OrderBy(c => c.Number, StringComparer.Ordinal).ThenBy(c => c.ValidFrom), certificate =>
            {
                json.WriteString("type", certificate.Type);
                json.WriteString("number", certificate.Number);
                json.WriteString("validFrom", ReportJson.DateOf(certificate.ValidFrom));
                json.WriteString("validTo", ReportJson.DateOf(certificate.ValidTo));
            });
        });
        Each(sink, "policies", input.Policies.OrderBy(p => p.Number, StringComparer.Ordinal).ThenBy(p => p.ValidFrom), policy =>
        {
            json.WriteString("number", policy.Number);
            ReportJson.Text(json, policy.Insurer);
            json.WriteString("validFrom", ReportJson.DateOf(policy.ValidFrom));
            json.WriteString("validTo", ReportJson.DateOf(policy.ValidTo));
        });
        Each(sink, "data", input.Data.OrderBy(d => d.Device, StringComparer.Ordinal).ThenBy(d => d.Date).ThenBy(d => (d.Quality.Expected, d.Quality.Received, d.Quality.Valid)), day =>
        {
            json.WriteString("device", day.Device);
            json.WriteString("date", ReportJson.DateOf(day.Date));
            json.WriteNumber("expected", day.Quality.Expected);
            json.WriteNumber("received", day.Quality.Received);
            json.WriteNumber("valid", day.Quality.Valid);
            json.WriteNumber("seq", day.Seq);
        });
        json.WriteEndObject();
    }

    private static void Each<T>(ReportSink sink, string name, IEnumerable<T> items, Action<T> write)
    {
        var json = sink.Json;
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
            sink.Breathe();
        }
        json.WriteEndArray();
    }
}
