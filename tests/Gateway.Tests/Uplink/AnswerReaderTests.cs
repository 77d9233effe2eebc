using System.Net;
using Gateway.Uplink;
using Xunit;

namespace Gateway.Tests.Uplink;

/// <summary>What real stores say, word for word, and what it means.</summary>
public sealed class AnswerReaderTests
{
    [Theory]
    [InlineData(204, "", SendVerdict.Settled)]
    [InlineData(200, "{}", SendVerdict.Settled)]
    // InfluxDB 1.6
    [InlineData(400, """{"error":"partial write: field type conflict: input field \"v\" on measurement \"m\" is type integer, already exists as type float dropped=1"}""", SendVerdict.Rejected)]
    [InlineData(400, """{"error":"unable to parse 'm v=': missing field value"}""", SendVerdict.Rejected)]
    [InlineData(400, """{"error":"partial write: unable to parse 'm v=': missing field value dropped=0"}""", SendVerdict.Rejected)]
    [InlineData(400, """{"error":"partial write: points beyond retention policy dropped=1"}""", SendVerdict.Rejected)]
    [InlineData(400, """{"error":"partial write: max-series-per-database limit exceeded: (1000000) dropped=1"}""", SendVerdict.Rejected)]
    [InlineData(400, """{"error":"partial write: max-values-per-tag limit exceeded (100000/100000) dropped=1"}""", SendVerdict.Rejected)]
    [InlineData(400, """{"error":"partial write: write /var/lib/influxdb/data/x/_series/02/0000: no space left on device dropped=2000"}""", SendVerdict.TryLater)]
    [InlineData(400, """{"error":"database is required"}""", SendVerdict.TryLater)]
    [InlineData(401, """{"error":"unable to parse authentication credentials"}""", SendVerdict.Misconfigured)]
    [InlineData(404, """{"error":"database not found: \"x\""}""", SendVerdict.Misconfigured)]
    [InlineData(404, "404 page not found", SendVerdict.Misconfigured)]
    [InlineData(500, """{"error":"retention policy not found: \"x\""}""", SendVerdict.Misconfigured)]
    [InlineData(500, """{"error":"timeout"}""", SendVerdict.TryLater)]
    // InfluxDB 2
    [InlineData(422, """{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type conflict: input field \"v\" on measurement \"m\" is type string, already exists as type float dropped=11"}""", SendVerdict.Rejected)]
    [InlineData(422, """{"code":"unprocessable entity","message":"failure writing points to database: partial write: points beyond retention policy dropped=1"}""", SendVerdict.Rejected)]
    [InlineData(403, """{"code":"forbidden","message":"insufficient permissions for write"}""", SendVerdict.Misconfigured)]
    [InlineData(429, "", SendVerdict.TryLater)]
    // VictoriaMetrics
    [InlineData(400, "too long line: more than 262144 bytes", SendVerdict.Rejected)]
    [InlineData(400, """unsupported path requested: "/api/v2/ready" """, SendVerdict.TryLater)]
    [InlineData(503, "cannot store metrics: the storage is in read-only mode; check -storage.minFreeDiskSpaceBytes command-line flag value", SendVerdict.TryLater)]
    // whatever stands between
    [InlineData(413, "Request Entity Too Large", SendVerdict.TooLarge)]
    [InlineData(502, "<html>Bad Gateway</html>", SendVerdict.TryLater)]
    [InlineData(302, "", SendVerdict.TryLater)]
    public void An_answer_says_what_to_do_next(int status, string body, SendVerdict verdict) =>
        Assert.Equal(verdict, AnswerReader.Judge((HttpStatusCode)status, body, null).Verdict);

    [Fact]
    public void The_words_are_kept_and_cut_and_what_was_asked_for_is_honoured()
    {
        var outcome = AnswerReader.Judge(HttpStatusCode.ServiceUnavailable, new string('x', 9_000), TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), outcome.RetryAfter);
        Assert.StartsWith("503 xxx", outcome.Words, StringComparison.Ordinal);
        Assert.Equal("503 ".Length + 501, outcome.Words.Length);
    }
}
