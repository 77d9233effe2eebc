using System.Text;
using System.Text.RegularExpressions;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Presence;
using Gateway.Domain.Reports;
using Xunit;
using static Gateway.Domain.Tests.Reports.SampleSite;

namespace Gateway.Domain.Tests.Reports;

/// <summary>The forms people read: the printed page and the tables.</summary>
public sealed class ReportPageTests
{
    private static readonly string Hash = new('a', 64);

    [Theory]
    [InlineData(ReportLanguage.Zh, "安全装置在线率（按时间）", "未达到 100%", "补登", "99.926")]
    [InlineData(ReportLanguage.En, "safety devices online, by time", "100 % not met", "entered late", "99.926")]
    public void A_page_says_what_must_be_seen(ReportLanguage language, params string[] expected)
    {
        string html = Page(March().Month(), language);
        Assert.All(expected, e => Assert.Contains(e, html, StringComparison.Ordinal));
        Assert.Contains(Hash, html, StringComparison.Ordinal);
        Assert.Contains(March().Month().Evidence.HeadHash, html, StringComparison.Ordinal);
        Assert.True(html.IndexOf(ReportLanguage.Zh == language ? "异常" : "Exceptions", StringComparison.Ordinal) < html.IndexOf("class=devices", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_stretch_that_is_missing_stands_on_the_page_with_its_row()
    {
        string html = Page(March().Month(), ReportLanguage.En);
        Assert.Contains("<td>hoist-1</td><td>unknown · bus lost</td><td class=w>03-08 09:00:00 – 09:05:03</td><td class=n>5 min 3 s</td><td class=n>5</td><td class=n>–</td>", html, StringComparison.Ordinal);
        Assert.Contains("<td>crane-1</td><td>excused · climbing, online</td><td class=w>03-06 08:00:00 – 18:00:00</td><td class=n>10 h 0 min 0 s</td><td class=n>9</td><td class=n>6</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_loads_nothing_and_runs_nothing()
    {
        string html = Page(March().Month(), ReportLanguage.Zh);
        Assert.DoesNotMatch(new Regex("<script|<link|<img|<iframe|https?:|url\\(|@import|\\son\\w+=", RegexOptions.IgnoreCase), html);
    }

    [Fact]
    public void Whatever_a_ledger_calls_things_it_stays_text()
    {
        var site = new SampleSite();
        site.Add("<script>1</script>", "<b onclick=x>&", "crane", "\"><i>", true);
        site.Close("<script>1</script>", PresenceState.Offline, "<cause>", "2026-03-01", "2026-03-02");
        string html = Page(site.Month(), ReportLanguage.Zh) + Page(site.Month(), ReportLanguage.En);
        Assert.DoesNotMatch(new Regex("<script|<b onclick|<cause>|\"><i>"), html);
    }

    [Fact]
    public void The_same_report_gives_the_same_page()
    {
        Assert.Equal(Page(March().Month(), ReportLanguage.Zh), Page(March().Month(), ReportLanguage.Zh));
    }

    [Fact]
    public void An_unfinished_period_says_so()
    {
        Assert.Contains("只计至 2026-03-20 00:00:00", Page(March().Month("2026-03-20"), ReportLanguage.Zh), StringComparison.Ordinal);
        Assert.DoesNotContain("只计至", Page(March().Month(), ReportLanguage.Zh), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_nothing_and_of_a_single_day_can_be_made()
    {
        Assert.Contains("n/a", Page(new SampleSite().Month(), ReportLanguage.En), StringComparison.Ordinal);
        Assert.Contains("Daily report 2026-03-05", Page(March().Over(AccountWindow.Day(new(2026, 3, 5), Zone), At("2026-03-07")), ReportLanguage.En), StringComparison.Ordinal);
        Assert.Contains("2026-03-01 – 2026-04-30", Page(March().Over(AccountWindow.BiMonth(2026, 2, Zone), At("2026-03-07")), ReportLanguage.En), StringComparison.Ordinal);
    }

    [Fact]
    public void Even_a_gap_of_a_second_in_a_month_is_drawn()
    {
        var site = new SampleSite();
        site.Add("crane-1", "塔机", "crane", null, true);
        site.Close("crane-1", PresenceState.Online, "", "2026-03-01", "2026-03-31 23:59:59");
        site.Close("crane-1", PresenceState.Offline, "silent", "2026-03-31 23:59:59", "2026-04-01");
        Assert.Contains("<path class=offline d=\"M99850 0h150v12h-150z\"/>", Page(site.Month(), ReportLanguage.En), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_has_a_line_for_each_device_and_day_and_one_for_each_piece()
    {
        var report = SiteReport.Of(March().Month());
        string[] days = Lines(ReportCsv.Days(report, ReportLanguage.En)), pieces = Lines(ReportCsv.Pieces(report, Zone, ReportLanguage.Zh));

        Assert.Equal(1 + 3 * 31, days.Length);
        Assert.Equal("date,device,name,class,enterprise,safety,day_ms,online_ms,offline_ms,unknown_ms,excused_ms,not_in_service_ms,online_although_excused_ms,required_ms,online_percent,unknown_measured_ms,offline_measured_ms", days[0]);
        Assert.Equal("2026-03-05,crane-1,crane-1,crane,builder,1,86400000,82800000,3600000,0,0,0,0,86400000,95.833,0,0", days[5]);
        Assert.Equal("设备,状态,原因,开始,结束,毫秒,开始毫秒,结束毫秒,证据链行号,登记行号,补证在测毫秒", pieces[0]);
        Assert.Equal($"crane-1,离线,无有效数据,2026-03-05 10:00:00.000+08:00,2026-03-05 11:00:00.000+08:00,3600000,{At("2026-03-05 10:00")},{At("2026-03-05 11:00")},3,,0", pieces[2]);
        Assert.Contains(pieces, p => p.Contains("免计,顶升加节", StringComparison.Ordinal) && p.EndsWith(",9,6,0", StringComparison.Ordinal));
    }

    [Fact]
    public void Texts_with_commas_quotes_and_formulas_stay_one_harmless_cell()
    {
        var site = new SampleSite();
        site.Add("a,b", "=1+\"2\"\n3", "crane", "@x", true);
        var input = site.Month();
        string line = Encoding.UTF8.GetString(ReportCsv.Days(SiteReport.Of(input with { Devices = [input.Devices[0] with { Name = new LocalText("=1+\"2\"\n3", "=1+\"2\"\n3") }] }), ReportLanguage.Zh)).Split("\r\n")[1];
        Assert.StartsWith("2026-03-01,\"a,b\",\"'=1+\"\"2\"\"\n3\",crane,'@x,1,", line, StringComparison.Ordinal);
    }

    private static string[] Lines(byte[] csv)
    {
        Assert.Equal([0xEF, 0xBB, 0xBF], csv[..3]);
        string text = Encoding.UTF8.GetString(csv)[1..];
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        return text[..^2].Split("\r\n");
    }

    private static string Page(ReportInput input, ReportLanguage language) => Encoding.UTF8.GetString(ReportHtml.Write(SiteReport.Of(input), Zone, language, Hash));
}
