using System.Globalization;
using System.Text;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Reports;

/// <summary>The language a page or table is written in.</summary>
public enum ReportLanguage : byte { Zh, En }

/// <summary>Tables for a spreadsheet: RFC 4180, UTF-8 with byte order mark, CRLF, one line of headers. Times as the site's clocks show them, with their offset; durations in ms.</summary>
/// <remarks>A text that a spreadsheet would take for a formula gets an apostrophe in front.</remarks>
public static class ReportCsv
{
    private static readonly LocalText[] DayHeaders =
    [
        new("日期", "date"), new("设备", "device"), new("名称", "name"), new("类别", "class"), new("责任单位", "enterprise"), new("安全装置", "safety"), new("当日毫秒", "day_ms"), new("在线毫秒", "online_ms"),
        new("离线毫秒", "offline_ms"), new("未知毫秒", "unknown_ms"), new("免计毫秒", "excused_ms"), new("未投用毫秒", "not_in_service_ms"), new("免计期间在线毫秒", "online_although_excused_ms"), new("应在线毫秒", "required_ms"), new("在线率%", "online_percent"), new("未知期间补证在测毫秒", "unknown_measured_ms"), new("离线期间补证在测毫秒", "offline_measured_ms"),
    ];

    private static readonly LocalText[] PieceHeaders =
    [
        new("设备", "device"), new("状态", "state"), new("原因", "cause"), new("开始", "from"), new("结束", "to"), new("毫秒", "ms"), new("开始毫秒", "from_ms"), new("结束毫秒", "to_ms"), new("证据链行号", "chain_row"), new("登记行号", "entry_row"), new("补证在测毫秒", "measured_ms"),
    ];

    /// <summary>One line a device and day.</summary>
    public static byte[] Days(SiteReport report, ReportLanguage language)
    {
        var csv = Begin(DayHeaders, language);
        foreach (var account in report.Accounts.Devices)
            for (int i = 0; i < account.Days.Count; i++)
            {
                var (device, day, ms) = (account.Device, report.Accounts.Days[i], account.Days[i]);
                long requiredMs = ms.RequiredMs(report.Input.Policy.Unknown);
                Line(csv, ReportJson.DateOf(day.Date), Safe(device.Id), Safe(In(device.Name, language)), Safe(device.Kind), Safe(device.Enterprise ?? ""), device.Safety ? "1" : "0", N(ms.LengthMs), N(ms.OnlineMs), N(ms.OfflineMs), N(ms.UnknownMs),
                    N(ms.ExcusedMs), N(ms.NotInServiceMs), N(ms.OnlineAlthoughExcusedMs), N(requiredMs), new Rate(ms.OnlineMs, requiredMs).Percent ?? "n/a", N(ms.UnknownMeasuredMs), N(ms.OfflineMeasuredMs));
            }
        return Bytes(csv);
    }

    /// <summary>One line a piece: what the days are sums of.</summary>
    public static byte[] Pieces(SiteReport report, TimeZoneInfo zone, ReportLanguage language)
    {
        var csv = Begin(PieceHeaders, language);
        foreach (var account in report.Accounts.Devices)
            foreach (var piece in account.Pieces)
                Line(csv, Safe(account.Device.Id), In(ReportWords.Of(piece.State), language), Safe(In(ReportWords.OfCause(piece.State, piece.Cause), language)), Local(piece.FromMs, zone), Local(piece.ToMs, zone), N(piece.LengthMs), N(piece.FromMs), N(piece.ToMs),
                    piece.Seq == 0 ? "" : N(piece.Seq), piece.EntrySeq == 0 ? "" : N(piece.EntrySeq), N(piece.MeasuredMs));
        return Bytes(csv);
    }

    internal static string In(LocalText text, ReportLanguage language) => language == ReportLanguage.Zh ? text.Zh : text.En;

    private static StringBuilder Begin(LocalText[] headers, ReportLanguage language)
    {
        var csv = new StringBuilder("\uFEFF");
        Line(csv, [.. headers.Select(h => In(h, language))]);
        return csv;
    }

    private static void Line(StringBuilder csv, params ReadOnlySpan<string> cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0) csv.Append(',');
            if (cells[i].AsSpan().IndexOfAny(",\"\r\n") < 0) csv.Append(cells[i]);
            else csv.Append('"').Append(cells[i].Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        csv.Append("\r\n");
    }

    private static string Safe(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Local(long atMs, TimeZoneInfo zone) => CivilDays.Local(atMs, zone).ToString("yyyy-MM-dd HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static byte[] Bytes(StringBuilder csv) => Encoding.UTF8.GetBytes(csv.ToString());
}
