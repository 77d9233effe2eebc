using System.Text;
using Gateway.Testing;
using Gateway.Uplink;
using Gateway.Uplink.Sending;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class TargetClientTests
{
    private static readonly byte[] Lines = Encoding.UTF8.GetBytes("m v=1 1000\nm v=2 2000\n");

    [Theory]
    [InlineData("influxdb-v2", "/api/v2/write?org=my%20org&bucket=b%26c&precision=ns", "Token secret")]
    [InlineData("victoria-metrics", "/api/v2/write?org=my%20org&bucket=b%26c&precision=ns", "Token secret")]
    [InlineData("influxdb-v3", "/api/v3/write_lp?db=d%20b&precision=nanosecond", "Bearer secret")]
    [InlineData("influxdb-v1", "/write?db=d%20b&precision=ns", "Basic dXNlcjpzZWNyZXQ=")]
    public async Task Each_kind_of_target_has_its_address_and_credentials(string kind, string target, string authorization)
    {
        await using var store = await ScriptedStore.StartAsync(_ => StoreAnswer.Kept);
        using var client = Client(Options(store.Url + "/", kind), TimeProvider.System);

        Assert.Equal(SendVerdict.Answered, (await client.SendAsync(Lines, default)).Verdict);

        var request = Assert.Single(store.Requests);
        Assert.Equal((target, authorization, "live"), (request.Target, request.Authorization, request.Lane));
        Assert.Equal(["m v=1 1000", "m v=2 2000"], request.Lines);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_tried_later()
    {
        await using var store = await ScriptedStore.StartAsync(_ => new StoreAnswer(StoreAnswer.Never));
        var clock = new HastyClock();
        using var client = Client(Options(store.Url), clock);

        var outcome = await client.SendAsync(Lines, default);

        Assert.Equal((SendVerdict.TryLater, "no answer within 15 s"), (outcome.Verdict, outcome.Words));
        Assert.Equal([TimeSpan.FromSeconds(15)], clock.Asked);
    }

    [Fact]
    public async Task Nobody_there_is_an_outcome_and_not_an_exception()
    {
        string url;
        await using (var gone = await ScriptedStore.StartAsync(_ => StoreAnswer.Kept)) url = gone.Url;
        using var client = Client(Options(url), TimeProvider.System);

        Assert.Equal(SendVerdict.TryLater, (await client.SendAsync(Lines, default)).Verdict);
    }

    [Fact]
    public async Task Retry_after_is_read_and_a_long_answer_is_cut()
    {
        await using var store = await ScriptedStore.StartAsync(_ => new StoreAnswer(503, new string('x', 120_000), RetryAfterSeconds: 7));
        using var client = Client(Options(store.Url), TimeProvider.System);

        var outcome = await client.SendAsync(Lines, default);

        Assert.Equal((SendVerdict.TryLater, TimeSpan.FromSeconds(7)), (outcome.Verdict, outcome.RetryAfter!.Value));
        Assert.InRange(outcome.Words.Length, 500, 510);
    }

    private static TargetClient Client(UplinkTargetOptions options, TimeProvider time) => new(options, new TargetCredentials(options, time), time, UplinkWay.Live);

    private static UplinkTargetOptions Options(string url, string kind = "influxdb-v2") =>
        new() { Name = "t", Kind = kind, Url = url, Org = "my org", Bucket = "b&c", Database = "d b", User = "user", Token = "secret" };
}
