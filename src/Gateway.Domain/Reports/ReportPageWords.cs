using System.Globalization;
using System.Net;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Reports;

/// <summary>Writes texts, moments and durations for a person, in one language and the site's zone.</summary>
internal sealed class ReportPageWords(ReportLanguage language, TimeZoneInfo zone)
{
    public bool IsZh => language == ReportLanguage.Zh;

    public string Language => IsZh ? "zh-CN" : "en";

    /// <summary>A text of ours, already fit for a page.</summary>
    public string T(string zh, string en) => IsZh ? zh : en;

    /// <summary>A text of whatever origin, made fit for a page.</summary>
    public string Of(LocalText text) => Escape(ReportCsv.In(text, language));

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public string Moment(long atMs) => CivilDays.Local(atMs, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Beginning and end; the date of the end only where it is another one.</summary>
    public string Span(long fromMs, long toMs)
    {
        var (from, to) = (CivilDays.Local(fromMs, zone), CivilDays.Local(toMs, zone));
        string end = from.Date == to.Date ? to.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : to.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{from.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} – {end}";
    }

    /// <summary>Hours, minutes and seconds; ms only where it is less than a second. Never rounded up.</summary>
    public string Duration(long ms)
    {
        if (ms == 0) return "0";
        if (ms < 1000) return T($"{ms} 毫秒", $"{ms} ms");
        long seconds = ms / 1000, minutes = seconds / 60, hours = minutes / 60;
        string text = "";
        if (hours > 0) text += T($"{N(hours)} 小时 ", $"{N(hours)} h ");
        if (minutes > 0) text += T($"{minutes % 60} 分 ", $"{minutes % 60} min ");
        return text + T($"{seconds % 60} 秒", $"{seconds % 60} s");
    }

    public string Percent(string? percent) => percent is null ? T("不适用", "n/a") : percent + "&#8239;%";

    /// <summary>Thousands apart by a narrow space, which neither language takes for a decimal sign.</summary>
    public static string N(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", "\u202F", StringComparison.Ordinal);

    public string Quantity(long value, string unit) => unit switch { "ms" => $"{N(value)} ms", "d" => T($"{N(value)} 天", $"{N(value)} d"), _ => N(value) };
}
