using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Lifecycle;

namespace Gateway.Domain.Reports;

/// <summary>
/// The form of a report that can be verified: <c>{"report":R,"sha256":"H"}</c> and a line feed, UTF-8, H being the SHA-256 over the bytes of R as they lie in the file.
/// Members in fixed order, whole numbers, times in ms since 1970 UTC; lists ordered by id, time and number, so that the same input gives the same bytes.
/// </summary>
/// <remarks><b>Source</b>: FORMAT.md beside this file.</remarks>
public static class ReportJson
{
    public const string Format = "site-report/1";

    internal static ReadOnlySpan<byte> Head => "{\"report\":"u8;

    internal static ReadOnlySpan<byte> Foot => ",\"sha256\":\""u8;

    /// <summary>The whole file.</summary>
    public static byte[] Write(SiteReport report)
    {
        using var file = new MemoryStream();
        Write(report, file);
        return file.ToArray();
    }

    /// <summary>Writes the whole file without holding it.</summary>
    /// <returns>The hash that stands in its foot.</returns>
    public static string Write(SiteReport report, Stream target)
    {
        target.Write(Head);
        using var sink = new ReportSink(target);
        WriteReport(sink, report);
        string sha256 = sink.End();
        target.Write(Foot);
        target.Write(Encoding.ASCII.GetBytes(sha256));
        target.Write("\"}\n"u8);
        return sha256;
    }

    /// <summary>The hash in the foot of a file written here, 64 hex digits: what ties a printed page to the file.</summary>
    public static string Sha256Of(ReadOnlySpan<byte> file) => Encoding.ASCII.GetString(file[^(64 + 3)..^3]);

    private static void WriteReport(ReportSink sink, SiteReport report)
    {
        var (json, input) = (sink.Json, report.Input);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("kind", WordOf(input.Window.Kind));
        json.WriteStartObject("site");
        json.WriteString("id", input.Site.Id);
        Text(json, input.Site.Name);
        json.WriteString("zone", input.Site.Zone);
        json.WriteEndObject();
        WriteWindow(json, report);
        json.WriteStartObject("policy");
        json.WriteString("unknownCounts", input.Policy.Unknown == UnknownCounts.AsNotOnline ? "as-not-online" : "excluded");
        json.WriteNumber("suspensionDaysMax", input.Policy.Lifecycle.SuspensionDaysMax);
        json.WriteNumber("lateAfterMs", input.Policy.Lifecycle.LateAfterMs);
        json.WriteEndObject();
        ReportBasisJson.WriteEvidence(json, report);
        WriteFigures(json, "figures", report.Site.Figures, defined: true);
        WriteScopes(json, report);
        WriteDays(json, report);
        WriteExceptions(sink, report);
        WriteExcuses(json, report);
        WriteDevices(sink, report);
        ReportBasisJson.WriteBasis(sink, input);
        json.WriteEndObject();
    }

    private static void WriteWindow(Utf8JsonWriter json, SiteReport report)
    {
        json.WriteStartObject("window");
        json.WriteNumber("fromMs", report.Input.Window.FromMs);
        json.WriteNumber("toMs", report.Input.Window.ToMs);
        json.WriteNumber("asOfMs", report.Input.AsOfMs);
        json.WriteNumber("accountedToMs", report.Accounts.ToMs);
        json.WriteStartArray("days");
        foreach (var day in report.Input.Window.Days)
        {
            json.WriteStartArray();
            json.WriteStringValue(DateOf(day.Date));
            json.WriteNumberValue(day.FromMs);
            json.WriteNumberValue(day.ToMs);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, string name, IReadOnlyList<FigureValue> figures, bool defined)
    {
        json.WriteStartArray(name);
        foreach (var value in figures)
        {
            json.WriteStartObject();
            json.WriteString("id", value.Figure.Id);
            if (defined)
            {
                Text(json, value.Figure.Name);
                json.WriteString("formula", value.Figure.Formula);
            }
            json.WriteString("percent", value.Percent);
            json.WriteBoolean("met", value.Met);
            json.WriteStartObject("terms");
            for (int i = 0; i < value.Terms.Count; i++) json.WriteNumber(value.Figure.Terms[i].Symbol, value.Terms[i]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteScopes(Utf8JsonWriter json, SiteReport report)
    {
        json.WriteStartArray("scopes");
        foreach (var scope in report.Scopes)
        {
            json.WriteStartObject();
            json.WriteString("id", (scope.Kind == ScopeKind.Class ? "class:" : "enterprise:") + scope.Key);
            json.WriteNumber("devices", scope.Tally.Devices);
            WriteFigures(json, "figures", scope.Figures, defined: false);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteDays(Utf8JsonWriter json, SiteReport report)
    {
        json.WriteStartArray("days");
        for (int i = 0; i < report.SafetyDays.Count; i++)
        {
            var sum = report.SafetyDays[i];
            json.WriteStartObject();
            json.WriteString("id", DateOf(report.Accounts.Days[i].Date));
            json.WriteString("percent", new Rate(sum.OnlineMs, sum.RequiredMs(report.Input.Policy.Unknown)).Percent);
            json.WritePropertyName("ms");
            WriteDay(json, sum);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteExceptions(ReportSink sink, SiteReport report)
    {
        var json = sink.Json;
        json.WriteStartArray("exceptions");
        foreach (var exception in report.Exceptions)
        {
            json.WriteStartObject();
            json.WriteString("kind", WordOf(exception.Kind));
            json.WriteString("device", exception.Device);
            json.WriteNumber("fromMs", exception.FromMs);
            json.WriteNumber("toMs", exception.ToMs);
            json.WriteNumber("ms", exception.Ms);
            Text(json, exception.Text);
            json.WriteStartArray("rows");
            foreach (long row in exception.Rows) json.WriteNumberValue(row);
            json.WriteEndArray();
            json.WriteEndObject();
            sink.Breathe();
        }
        json.WriteEndArray();
    }

    private static void WriteExcuses(Utf8JsonWriter json, SiteReport report)
    {
        json.WriteStartArray("lifecycle");
        foreach (var excuse in report.Excuses)
        {
            json.WriteStartObject();
            json.WriteNumber("seq", excuse.Entry.Seq);
            json.WriteBoolean("late", excuse.Late);
            json.WriteBoolean("refused", excuse.Refused);
            if (excuse.CorrectedBy is { } by) json.WriteNumber("correctedBy", by);
            json.WriteNumber("excusedMs", excuse.ExcusedMs);
            json.WriteNumber("enteredMs", excuse.Entry.EnteredMs);
            LifecycleJson.WriteMembers(json, excuse.Entry);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteDevices(ReportSink sink, SiteReport report)
    {
        var json = sink.Json;
        json.WriteStartArray("devices");
        for (int i = 0; i < report.Accounts.Devices.Count; i++)
        {
            var (account, work) = (report.Accounts.Devices[i], report.Work[i]);
            json.WriteStartObject();
            ReportBasisJson.WriteDevice(json, account.Device);
            json.WriteString("percent", new Rate(account.Total.OnlineMs, account.Total.RequiredMs(report.Input.Policy.Unknown)).Percent);
            json.WriteStartArray("days");
            foreach (var day in account.Days) WriteDay(json, day);
            json.WriteEndArray();
            WriteWork(json, work.Time);
            json.WriteStartArray("pieces");
            foreach (var piece in account.Pieces) WritePiece(json, piece);
            json.WriteEndArray();
            json.WriteEndObject();
            sink.Breathe();
        }
        json.WriteEndArray();
    }

    private static void WriteDay(Utf8JsonWriter json, DeviceDay day)
    {
        json.WriteStartArray();
        json.WriteNumberValue(day.OnlineMs);
        json.WriteNumberValue(day.OfflineMs);
        json.WriteNumberValue(day.UnknownMs);
        json.WriteNumberValue(day.ExcusedMs);
        json.WriteNumberValue(day.NotInServiceMs);
        json.WriteNumberValue(day.OnlineAlthoughExcusedMs);
        // Absent where there is nothing: then the file is the one of a gateway that did not know of it.
        if (day.UnknownMeasuredMs > 0 || day.OfflineMeasuredMs > 0)
        {
            json.WriteNumberValue(day.UnknownMeasuredMs);
            json.WriteNumberValue(day.OfflineMeasuredMs);
        }
        json.WriteEndArray();
    }

    private static void WriteWork(Utf8JsonWriter json, WorkTime work)
    {
        json.WriteStartArray("work");
        json.WriteNumberValue(work.OnlineMs);
        json.WriteNumberValue(work.OfflineMs);
        json.WriteNumberValue(work.UnknownMs);
        json.WriteNumberValue(work.ExcusedMs);
        json.WriteNumberValue(work.NotInServiceMs);
        json.WriteNumberValue(work.OperatedMs);
        json.WriteNumberValue(work.CertifiedMs);
        json.WriteEndArray();
    }

    private static void WritePiece(Utf8JsonWriter json, in AccountPiece piece)
    {
        json.WriteStartArray();
        json.WriteStringValue(ReportWords.IdOf(piece.State));
        json.WriteStringValue(piece.Cause);
        json.WriteNumberValue(piece.FromMs);
        json.WriteNumberValue(piece.ToMs);
        json.WriteNumberValue(piece.Seq);
        json.WriteNumberValue(piece.EntrySeq);
        if (piece.OnlineAlthoughExcused) json.WriteStringValue("online");
        if (piece.MeasuredMs > 0) json.WriteNumberValue(piece.MeasuredMs);
        json.WriteEndArray();
    }

    internal static void Text(Utf8JsonWriter json, LocalText text)
    {
        json.WriteString("zh", text.Zh);
        json.WriteString("en", text.En);
    }

    internal static string DateOf(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string WordOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(Enum.GetName(value)!);
}
