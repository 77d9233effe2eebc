using Gateway.Uplink;
using Gateway.Uplink.Audit;
using Xunit;

namespace Gateway.Tests.Uplink;

/// <summary>Questions and answers of the read-back; those of v1 and VictoriaMetrics are asked on real servers too.</summary>
public sealed class CountQueryTests
{
    private const long HourMs = 1_789_999_200_000;

    [Theory]
    [InlineData(TargetKind.InfluxV1, "GET http://h/query?db=d&q=SELECT count(*) FROM \"crane\" WHERE \"site\" = 'o\\'hara' AND time >= 1789999200000ms AND time < 1790002800000ms", "",
        """{"results":[{"statement_id":0,"series":[{"name":"crane","columns":["time","count_load_t","count_seq"],"values":[["2026-09-21T14:00:00Z",5,3]]}]}]}""")]
    [InlineData(TargetKind.VictoriaMetrics, "POST http://h/api/v1/query", "query=sum(count_over_time({__name__=~\"crane_load_t|crane_seq\",site=\"o'hara\"}[1h]) keep_metric_names) by (__name__)&time=1790002799.999&nocache=1",
        """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"crane_load_t"},"value":[1790002799.999,"5"]},{"metric":{"__name__":"crane_seq"},"value":[1790002799.999,"3"]}]}}""")]
    [InlineData(TargetKind.InfluxV2, "POST http://h/api/v2/query?org=o", "r._measurement == \"crane\" and r.site == \"o'hara\")", "#datatype,string,long,string,long\n,result,table,_field,_value\n,_result,0,load_t,5\n,_result,1,seq,3\n\n")]
    [InlineData(TargetKind.InfluxV3, "POST http://h/api/v3/query_sql", "count(\\u0022seq\\u0022) AS \\u0022seq\\u0022 FROM \\u0022crane\\u0022 WHERE \\u0022site\\u0022 = \\u0027o\\u0027\\u0027hara\\u0027 AND time \\u003E= TIMESTAMP \\u00272026-09-21T14:00:00Z\\u0027", """[{"load_t":5,"seq":3}]""")]
    public async Task Each_kind_is_asked_in_its_own_language_and_understood(string kind, string request, string body, string answer)
    {
        var query = CountQuery.For(new UplinkTargetOptions { Kind = kind, Url = "http://h/", Org = "o", Bucket = "b", Database = "d" }, "o'hara");
        using var asked = query.Ask("crane", ["load_t", "seq"], HourMs);

        Assert.Equal(request, $"{asked.Method} {Uri.UnescapeDataString(asked.RequestUri!.AbsoluteUri)}");
        string sent = asked.Content is null ? "" : await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(body, kind == TargetKind.VictoriaMetrics ? Uri.UnescapeDataString(sent.Replace('+', ' ')) : sent, StringComparison.Ordinal);
        Assert.Equal([("load_t", 5L), ("seq", 3L)], query.Read(answer)!.Select(c => (c.Key, c.Value)).Order());
    }

    [Theory]
    [InlineData(TargetKind.InfluxV1, """{"results":[{"statement_id":0}]}""", 0)]
    [InlineData(TargetKind.InfluxV1, """{"results":[{"statement_id":0,"error":"database not found: d"}]}""", null)]
    [InlineData(TargetKind.VictoriaMetrics, """{"status":"success","data":{"resultType":"vector","result":[]}}""", 0)]
    [InlineData(TargetKind.VictoriaMetrics, """{"status":"error","error":"no"}""", null)]
    [InlineData(TargetKind.InfluxV2, "", 0)]
    [InlineData(TargetKind.InfluxV2, "error,reference\nFailed,897", null)]
    [InlineData(TargetKind.InfluxV3, """{"error":"table not found"}""", null)]
    public void No_points_are_no_points_and_an_error_is_not_none(string kind, string answer, int? fields)
    {
        var query = CountQuery.For(new UplinkTargetOptions { Kind = kind, Url = "http://h/" }, "s");
        query.Ask("crane", ["load_t"], HourMs).Dispose();
        Assert.Equal(fields, query.Read(answer)?.Count);
    }
}
