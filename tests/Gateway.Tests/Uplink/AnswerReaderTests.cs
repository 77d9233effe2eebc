using System.Net;
using Gateway.Uplink.Sending;
using Xunit;

namespace Gateway.Tests.Uplink;

/// <summary>What real stores say, word for word, and what it means.</summary>
public sealed class AnswerReaderTests
{
    [Theory]
    [InlineData(204, "", SendVerdict.Answered)]
    [InlineData(200, "{}", SendVerdict.Answered)]
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
    // InfluxDB 3
    [InlineData(400, """{"error":"partial write of line protocol occurred","data":[{"original_line":"m v=x 1","line_number":2,"error_message":"invalid column type for column 'v'"}]}""", SendVerdict.Rejected)]
    [InlineData(400, """{"error":"partial write of line protocol occurred","data":[{"original_line":"m v=x 1","line_number":2,"error_message":"write buffer is full"}]}""", SendVerdict.TryLater)]
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
    public void What_an_answer_says_of_single_lines_and_of_how_many_it_dropped_is_read()
    {
        var three = AnswerReader.Judge(HttpStatusCode.BadRequest, """{"error":"partial write of line protocol occurred","data":[{"original_line":"a","line_number":2,"error_message":"A generic parsing error occurred"},{"original_line":"b","line_number":5,"error_message":"invalid column type"}]}""", null);
        Assert.Equal([(2, "400 A generic parsing error occurred"), (5, "400 invalid column type")], three.BadLines);
        var one = AnswerReader.Judge(HttpStatusCode.BadRequest, """{"error":"partial write: field type conflict: input field \"dropped=7\" dropped=12"}""", null);
        Assert.Equal((12, true, null), (one.Dropped, one.Partial, one.BadLines));
        Assert.Null(AnswerReader.Judge(HttpStatusCode.BadRequest, "unable to parse 'x'", null).Dropped);
    }

    [Fact]
    public void The_words_are_kept_and_cut_and_what_was_asked_for_is_honoured()
    {
        var outcome = AnswerReader.Judge(HttpStatusCode.ServiceUnavailable, new string('x', 9_000), TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), outcome.RetryAfter);
        Assert.StartsWith("503 xxx", outcome.Words, StringComparison.Ordinal);
        Assert.Equal("503 ".Length + 501, outcome.Words.Length);
    }
}
