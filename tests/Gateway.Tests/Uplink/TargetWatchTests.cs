using System.Net;
using Gateway.Diagnostics;
using Gateway.Testing;
using Gateway.Uplink;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class TargetWatchTests : IDisposable
{
    private readonly FakeClock _time = new();
    private readonly LaneProgress _lane = new("t", UplinkLedger.Telemetry, rewinds: false);
    private readonly SwitchedNetwork _network = new();
    private readonly TargetWatch _watch;

    public TargetWatchTests()
    {
        var options = new UplinkTargetOptions { Name = "t", Kind = TargetKind.InfluxV3, Url = "http://t", HoldSeconds = 30 };
        _watch = new TargetWatch(options, [_lane], new TargetConnection(options, new TargetCredentials(options, _time), _time, _network), new GatewayClock(_time), NullLogger.Instance);
    }

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task A_target_that_died_right_after_it_answered_keeps_nothing_however_long_it_is_away()
    {
        await LookAsync();
        Answer();
        _network.Up = false;
        for (int look = 0; look < 30; look++) await LookAsync();

        Assert.True(_watch.Readable);
        Assert.Equal(0, _lane.Settled);

        (_network.Up, _network.Started) = (true, 2_000);
        await LookAsync();
        Assert.Equal((new LineRange(0, 10), SendWay.Backlog), _lane.Waiting());
    }

    [Fact]
    public async Task A_target_that_takes_lines_and_never_says_its_start_is_trusted_by_the_hold_time()
    {
        _network.Up = false;
        for (int look = 0; look < 10; look++)
        {
            Answer();
            await LookAsync();
        }
        Assert.False(_watch.Readable);
        Assert.Equal(10, _lane.Settled);
    }

    private void Answer()
    {
        _watch.Answered();
        _lane.Answered(new LineRange(0, 10), SendWay.Live, _watch.Start, _time.NowMs, null, []);
    }

    private async Task LookAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        await _watch.LookAsync(TestContext.Current.CancellationToken);
    }

    private sealed class SwitchedNetwork : UplinkNetwork
    {
        public bool Up { get; set; } = true;

        public int Started { get; set; } = 1_000;

        public override HttpMessageHandler Connect(UplinkTargetOptions target, TimeSpan connectLimit) => new Handler(this);

        private sealed class Handler(SwitchedNetwork network) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => network.Up
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"process_start_time_seconds {network.Started}\n") })
                : Task.FromException<HttpResponseMessage>(new HttpRequestException("connection refused"));
        }
    }
}
