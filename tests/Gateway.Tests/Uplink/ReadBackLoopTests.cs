using System.Text;
using Gateway.Diagnostics;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Tests.Engine;
using Gateway.Uplink;
using Gateway.Uplink.Audit;
using Gateway.Uplink.Checking;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class ReadBackLoopTests : IAsyncDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly FakeClock _clock = new();
    private readonly IngestBuffer _told = new();
    private readonly StageRig _rig;
    private long _there = 4;
    private ScriptedStore? _store;
    private ReadBackLoop? _loop;
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    public ReadBackLoopTests()
    {
        _rig = new StageRig(_folder.Path, _clock, ["t"]);
        _rig.Stage.Start();
    }

    private LaneProgress Lane => _rig.Uplink.Lane("t", UplinkLedger.Telemetry);

    public async ValueTask DisposeAsync()
    {
        if (_stop is not null) await _stop.CancelAsync();
        await Record.ExceptionAsync(() => _running);
        if (_store is not null) await _store.DisposeAsync();
        _loop?.Dispose();
        _stop?.Dispose();
        _rig.Dispose();
        _told.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_missing_is_an_alarm_and_goes_again_three_times_and_agreeing_ends_it()
    {
        var loop = await StartAsync();
        await SettleAsync(4);
        for (int round = 1; round <= 4; round++)
        {
            _there = 3;
            int asked = round;
            await AskAsync(loop, () => Hour()?.Attempts == Math.Min(asked, 3) && Hour()!.State == HourState.Missing);
            if (round <= 3)
            {
                await Until(() => Task.FromResult(Lane.Waiting() == (new LineRange(0, 4), SendWay.Again)));
                await SendAgainAsync();
            }
            else Assert.Null(Lane.Waiting());
        }
        _there = 4;
        await AskAsync(loop, () => loop.Figures.HoursAgreed == 1);
        var events = _told.Take().Events;
        Assert.Equal([(LinkEventKind.ConditionRaised, "t", "uplink-missing"), (LinkEventKind.ConditionOver, "t", "uplink-missing")], events.Select(e => (e.Kind, e.Text, e.Cause)));
        Assert.Equal("hour 2026-03-01 08:00Z: crane.load_t 3 of 4, 1 missing; its lines go again", events[0].Reason);
        Assert.Equal((1, 1, 1), (loop.Figures.HoursAgreed, loop.Figures.HoursMissing, loop.Figures.PointsMissing));
    }

    [Fact]
    public async Task Lines_that_are_no_longer_here_are_said_to_be_gone_and_nothing_is_sent()
    {
        await SettleAsync(4);
        await _rig.Stage.WriteAsync((_, _) => { });
        // Nothing asks for the hour yet, so the space is given back.
        await Until(async () =>
        {
            await _rig.PassAsync(2);
            return _rig.Lines().Count == 0;
        });
        var loop = await StartAsync();
        _there = 1;
        await AskAsync(loop, () => Hour()?.State == HourState.Missing);
        Assert.Null(Lane.Waiting());
        Assert.EndsWith("; its lines are no longer here", Assert.Single(_told.Take().Events).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settled_lines_are_kept_until_their_hour_agrees()
    {
        var loop = await StartAsync();
        await SettleAsync(4);
        await _rig.PassAsync(2);
        await _rig.PassAsync(2);
        Assert.Equal(4, _rig.Lines().Count);
        await AskAsync(loop, () => loop.Figures.HoursAgreed == 1);
        await Until(async () =>
        {
            await _rig.PassAsync(2);
            return _rig.Lines().Count == 0;
        });
    }

    [Fact]
    public async Task A_repeat_that_was_counted_twice_is_counted_again_before_anything_is_said()
    {
        var loop = await StartAsync();
        await SettleAsync(4, countedToo: 2);
        await AskAsync(loop, () => loop.Figures.HoursAgreed == 1);
        Assert.Empty(_told.Take().Events);
    }

    [Fact]
    public async Task A_target_that_cannot_be_asked_is_said_and_no_alarm()
    {
        _there = -1;
        await SettleAsync(4);
        var loop = await StartAsync();
        await AskAsync(loop, () => loop.Figures.Unable == "401 no");
        Assert.Empty(_told.Take().Events);
        Assert.Equal(HourState.Open, Hour()!.State);
    }

    private async Task<ReadBackLoop> StartAsync()
    {
        _store = await ScriptedStore.StartAsync(_ => StoreAnswer.Kept);
        _store.Query = (_, _) => _there < 0 ? new StoreAnswer(401, "no") : new StoreAnswer(200, $$"""{"results":[{"series":[{"name":"crane","columns":["time","count_load_t"],"values":[[0,{{_there}}]]}]}]}""");
        var options = new UplinkTargetOptions { Name = "t", Kind = TargetKind.InfluxV1, Url = _store.Url, Database = "d" };
        var clock = new GatewayClock(_clock);
        var connection = new TargetConnection(options, new TargetCredentials(options, TimeProvider.System), TimeProvider.System);
        var loop = _loop = new ReadBackLoop(options, "s", _rig.Options, _rig.Uplink, connection, _rig.Stage, new TargetCondition("t", TargetCondition.Missing, _told, clock), () => { }, clock, NullLogger.Instance);
        _stop = new CancellationTokenSource();
        _running = loop.RunAsync(_stop.Token);
        return loop;
    }

    /// <summary>Lines as they go through the live loop, answered for and settled.</summary>
    private async Task SettleAsync(int lines, int countedToo = 0)
    {
        for (int i = 0; i < lines; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            _rig.Say("c1", """{"load_t":1}""");
        }
        await _rig.SettledAsync();
        var counts = new PointCounts();
        byte[] all = Encoding.UTF8.GetBytes(string.Concat(_rig.Lines().Select(l => l + "\n")));
        new LineCheck(dropsTexts: false).Run(all, 0, _clock.NowMs, counts);
        foreach (var (shape, hourMs, _) in counts.All.ToList()) counts.Add(shape, hourMs, countedToo, 0);
        Lane.Answered(new LineRange(0, lines), SendWay.Live, new TargetStart(1), _clock.NowMs, counts, []);
        Lane.Seen(new TargetStart(1), _clock.NowMs, 0);
        await _rig.PassAsync(2);
        _clock.Advance(TimeSpan.FromHours(2));
    }

    private async Task SendAgainAsync()
    {
        var (range, way) = Lane.Waiting()!.Value;
        Lane.Answered(range, way, new TargetStart(1), _clock.NowMs, null, []);
        Lane.Seen(new TargetStart(1), _clock.NowMs, 0);
        await _rig.PassAsync(2);
    }

    private static async Task AskAsync(ReadBackLoop loop, Func<bool> holds)
    {
        loop.AskNow();
        await Until(() => Task.FromResult(holds()));
    }

    private SettledHour? Hour()
    {
        using var reader = new StateReader(_rig.Options.StatePath);
        return reader.HoursToAudit("t", long.MaxValue).SingleOrDefault();
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
