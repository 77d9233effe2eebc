using System.Text;
using Gateway.Diagnostics;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Uplink;
using Gateway.Uplink.Loops;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class UplinkLoopTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly HastyClock _clock = new();
    private readonly UplinkLedger _ledger = new(["t"]);
    private readonly IngestBuffer _ingest = new();
    private readonly CancellationTokenSource _stop = new();
    private string _kind = "influxdb-v2";

    private LaneProgress Progress => _ledger.Lane("t", UplinkLedger.Telemetry);

    public void Dispose()
    {
        _stop.Dispose();
        _ingest.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_busy_server_is_given_its_time_and_then_everything_in_order()
    {
        await using var store = await ScriptedStore.StartAsync(r => r.Number is 1 or 2 ? new StoreAnswer(503, "busy", RetryAfterSeconds: 7) : StoreAnswer.Kept);
        string[] lines = Lines(25);

        await RunAsync(store, lines, s => s.Kept.Count() == 25);

        Assert.Equal(lines, store.Kept);
        Assert.Equal(2, _clock.Asked.Count(d => d == TimeSpan.FromSeconds(7)));
        Assert.Equal(25, Progress.Next);
    }

    [Fact]
    public async Task One_line_that_is_wrong_for_good_is_found_set_aside_and_the_rest_settled()
    {
        await using var store = await ScriptedStore.StartAsync(r => r.Lines.Contains("m v=13 13") ? new StoreAnswer(400, "{\"error\":\"unable to parse 'm v=13 13'\"}") : StoreAnswer.Kept);
        string[] lines = Lines(25);

        await RunAsync(store, lines, s => s.Kept.Count() == 24, batch: 25);

        Assert.Equal(lines.Where(l => l != "m v=13 13"), store.Kept);
        var refused = Assert.Single(Refused());
        Assert.Equal(("t", "telemetry", "m v=13 13\n"), (refused.Target, refused.Lane, Encoding.UTF8.GetString(refused.Line)));
        Assert.Contains("unable to parse", refused.Words, StringComparison.Ordinal);
        Assert.InRange(store.Requests.Count, 2, 12);
    }

    [Fact]
    public async Task A_batch_of_nothing_but_bad_lines_does_not_cost_a_request_for_each()
    {
        await using var store = await ScriptedStore.StartAsync(r => r.Lines.All(l => l.StartsWith("m ", StringComparison.Ordinal)) ? new StoreAnswer(400, "unable to parse") : StoreAnswer.Kept);
        string[] lines = Lines(1_000);

        await RunAsync(store, [.. lines, "good v=1 1000"], s => s.Kept.Any(), batch: 1_000);

        Assert.Equal(1_000, Refused().Count);
        Assert.InRange(store.Requests.Count, 2, 300);
    }

    [Fact]
    public async Task InfluxDB_1_says_when_all_lines_of_a_request_were_dropped_and_that_is_enough()
    {
        _kind = "influxdb-v1";
        await using var store = await ScriptedStore.StartAsync(r => r.Lines.All(l => l.StartsWith("m ", StringComparison.Ordinal)) ? new StoreAnswer(400, $"{{\"error\":\"partial write: field type conflict: x dropped={r.Lines.Count}\"}}") : StoreAnswer.Kept);

        await RunAsync(store, [.. Lines(1_000), "good v=1 1000"], s => s.Kept.Any(), batch: 1_000);

        Assert.Equal(1_000, Refused().Count);
        Assert.Equal(2, store.Requests.Count);
    }

    [Fact]
    public async Task InfluxDB_3_names_the_bad_lines_and_the_others_go_once_more()
    {
        _kind = "influxdb-v3";
        string words = """{"error":"partial write of line protocol occurred","data":[{"original_line":"x","line_number":4,"error_message":"invalid column type for column 'v'"}]}""";
        await using var store = await ScriptedStore.StartAsync(r => r.Lines.Contains("m v=3 3") ? new StoreAnswer(400, words) : StoreAnswer.Kept);

        await RunAsync(store, Lines(10), s => s.Kept.Count() == 9, batch: 10);

        var refused = Assert.Single(Refused());
        Assert.Equal(("m v=3 3\n", "400 invalid column type for column 'v'"), (Encoding.UTF8.GetString(refused.Line), refused.Words));
        Assert.Equal(2, store.Requests.Count);
    }

    [Fact]
    public async Task A_dead_target_opens_the_breaker_and_is_asked_now_and_then_until_it_answers()
    {
        var states = new List<string>();
        LiveLoop? loop = null;
        await using var store = await ScriptedStore.StartAsync(r =>
        {
            states.Add(loop!.Sender.State);
            return r.Number < 12 ? new StoreAnswer(503) : StoreAnswer.Kept;
        });
        using var running = loop = Loop(store.Url, Lines(4), 10);

        await RunAsync(loop, store, s => s.Kept.Count() == 4);

        Assert.Contains("open", states);
        Assert.Contains(loop.Sender.State, (string[])["ok", "idle"]);
    }

    [Fact]
    public async Task A_full_disk_dressed_as_a_bad_request_loses_nothing()
    {
        await using var store = await ScriptedStore.StartAsync(r => r.Number < 5 ? new StoreAnswer(400, "{\"error\":\"partial write: write /x: no space left on device dropped=10\"}") : StoreAnswer.Kept);
        string[] lines = Lines(10);

        await RunAsync(store, lines, s => s.Kept.Count() == 10, batch: 10);

        Assert.Equal(lines, store.Kept);
        Assert.Empty(Refused());
        Assert.Equal(6, store.Requests.Count);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_halved_until_it_passes()
    {
        await using var store = await ScriptedStore.StartAsync(r => r.Lines.Count > 3 ? new StoreAnswer(413) : StoreAnswer.Kept);
        string[] lines = Lines(20);

        await RunAsync(store, lines, s => s.Kept.Count() == 20, batch: 20);

        Assert.Equal(lines, store.Kept);
        Assert.Empty(Refused());
    }

    [Fact]
    public async Task A_refused_token_keeps_everything_raises_one_condition_and_ends_it_when_it_works_again()
    {
        var states = new List<string>();
        LiveLoop? loop = null;
        await using var store = await ScriptedStore.StartAsync(r =>
        {
            states.Add(loop!.Sender.State);
            return r.Number < 3 ? new StoreAnswer(401, "unauthorized") : StoreAnswer.Kept;
        });
        string[] lines = Lines(4);
        using var running = loop = Loop(store.Url, lines, 10);

        await RunAsync(loop, store, s => s.Kept.Count() == 4);

        Assert.Equal(["idle", "refused", "refused", "refused"], states);
        Assert.Equal(3, _clock.Asked.Count(d => d == TimeSpan.FromSeconds(30)));
        var events = _ingest.Take().Events;
        Assert.Equal([(LinkEventKind.ConditionRaised, "t", "uplink"), (LinkEventKind.ConditionOver, "t", "uplink")], events.Select(e => (e.Kind, e.Text, e.Cause)));
        Assert.Equal("401 unauthorized", events[0].Reason);
        Assert.Equal(lines, store.Kept);
    }

    [Fact]
    public async Task Asked_to_stop_in_the_middle_of_an_outage_it_stops_and_the_cursor_has_not_moved()
    {
        await using var store = await ScriptedStore.StartAsync(_ => new StoreAnswer(503));
        await RunAsync(store, Lines(3), s => s.Requests.Count >= 4);
        Assert.Equal(0, Progress.Next);
    }

    private async Task RunAsync(ScriptedStore store, string[] lines, Func<ScriptedStore, bool> done, int batch = 10)
    {
        using var loop = Loop(store.Url, lines, batch);
        await RunAsync(loop, store, done);
    }

    private async Task RunAsync(LiveLoop loop, ScriptedStore store, Func<ScriptedStore, bool> done)
    {
        var running = loop.RunAsync(_stop.Token);
        await store.UntilAsync(done);
        // The answer to the last request may still be under way to the loop.
        if (store.Kept.Any()) await UntilSentAsync(store);
        await _stop.CancelAsync();
        // It may be between two requests, or waiting: it ends either way.
        Assert.True(await Record.ExceptionAsync(() => running) is null or OperationCanceledException);
    }

    private async Task UntilSentAsync(ScriptedStore store)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        long all = store.Requests.Max(r => r.Lines.Select(l => long.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture)).Max()) + 1;
        while (Progress.Next < all)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private LiveLoop Loop(string url, string[] lines, int batch)
    {
        var options = new UplinkTargetOptions { Name = "t", Kind = _kind, Url = url, Org = "o", Bucket = "b", Database = "d", LingerMs = 0, BatchLines = batch };
        string path = _folder.File("telemetry.db");
        using (var telemetry = TelemetryStore.Open(path))
            foreach (string[] segment in lines.Chunk(4)) telemetry.Append(Encoding.UTF8.GetBytes(string.Concat(segment.Select(l => l + "\n"))), segment.Length, 0);
        var clock = new GatewayClock(_clock);
        var credentials = new TargetCredentials(options, TimeProvider.System);
        var watch = new TargetWatch(options, [Progress], new TargetConnection(options, credentials, TimeProvider.System), clock, NullLogger.Instance);
        var sender = new BatchSender(options, new TargetClient(options, credentials, TimeProvider.System, UplinkWay.Live), credentials, watch, new TargetCondition("t", TargetCondition.Down, _ingest, clock), UplinkWay.Live, clock, NullLogger.Instance);
        return new LiveLoop(options, Progress, new TelemetryLaneSource(path), sender, clock, UplinkWay.Live, null, () => { }, NullLogger.Instance);
    }

    private IReadOnlyList<RefusedLine> Refused() => Progress.TakeChanges()?.Refused ?? [];

    private static string[] Lines(int count) => [.. Enumerable.Range(0, count).Select(i => $"m v={i} {i}")];
}
