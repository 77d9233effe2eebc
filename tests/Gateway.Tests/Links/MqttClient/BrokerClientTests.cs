using System.Collections.Concurrent;
using System.IO.Pipelines;
using Gateway.Diagnostics;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Links.MqttClient;
using Gateway.Protocols.Mqtt;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.MqttClient;

/// <summary>Connecting again and again: how long it waits, what it says. Every wait is over at once and written down.</summary>
public sealed class BrokerClientTests
{
    [Fact]
    public async Task A_broker_that_is_away_is_tried_again_ever_less_often_and_its_loss_is_told_once()
    {
        await using var run = new Run(Enumerable.Repeat(Fails(BrokerEnd.Lost("connection refused")), 14));

        await run.OutOfScriptAsync();

        var waits = run.Waits;
        Assert.Equal(14, waits.Count);
        Assert.All(waits, w => Assert.InRange(w.TotalSeconds, 0, 60));
        Assert.InRange(waits[0].TotalSeconds, 0, 3);
        Assert.True(waits.Skip(9).Average(w => w.TotalSeconds) > 25, string.Join(" ", waits));
        // Jitter: gateways that lost one broker do not come back in step.
        Assert.True(waits.Select(w => w.TotalMilliseconds).Distinct().Count() > 3, string.Join(" ", waits));
        Assert.Equal(["lost broker.example:1883: connection refused"], run.Told);
        Assert.Equal(BrokerState.Retrying, run.Client.Status.State);
    }

    [Theory]
    [InlineData("Refused")]
    [InlineData("TakenOver")]
    public async Task A_broker_that_needs_somebody_s_hand_is_left_alone_for_a_minute(string kind)
    {
        var end = new BrokerEnd(Enum.Parse<BrokerEndKind>(kind), "not like this");
        await using var run = new Run(Enumerable.Repeat(Fails(end), 3));

        await run.OutOfScriptAsync();

        Assert.Equal([60.0, 60, 60], run.Waits.Select(w => w.TotalSeconds));
        Assert.Equal(["refused broker.example:1883: not like this"], run.Told);
        Assert.Equal((BrokerState.Refused, "not like this"), (run.Client.Status.State, run.Client.Status.Why));
    }

    [Fact]
    public async Task After_a_connection_that_held_it_comes_back_at_once_and_after_one_that_did_not_it_waits()
    {
        await using var run = new Run([Accepts(holdsSeconds: 3600), Accepts(holdsSeconds: 1), Accepts(holdsSeconds: 3600)]);

        await run.OutOfScriptAsync();

        // The first and the third held; only behind the second there is a wait.
        Assert.InRange(Assert.Single(run.Waits).TotalSeconds, 0, 3);
        Assert.Equal(["up", "lost broker.example:1883: the broker closed the connection", "up", "lost broker.example:1883: the broker closed the connection", "up", "lost broker.example:1883: the broker closed the connection"], run.Told);
        Assert.Equal(3, run.Client.Tally.Connects);
    }

    /// <summary>Also when the connection held for hours before the other client came.</summary>
    [Fact]
    public async Task A_session_that_is_taken_over_is_not_fought_for()
    {
        await using var run = new Run([Accepts(holdsSeconds: 3600, farewell: MqttReason.SessionTakenOver)], version: "5.0");

        await run.OutOfScriptAsync();

        Assert.Equal(60, Assert.Single(run.Waits).TotalSeconds);
        Assert.Contains("gateway-test", run.Told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_file_is_read_at_each_connection_and_its_absence_is_the_operator_s_to_mend()
    {
        using var folder = new TempDirectory();
        File.WriteAllText(folder.File("password"), "first\n");
        var seen = new ConcurrentQueue<MqttConnect>();
        await using var run = new Run(
        [
            Accepts(holdsSeconds: 1, look: c =>
            {
                seen.Enqueue(c);
                File.WriteAllText(folder.File("password"), "second");
            }),
            Accepts(holdsSeconds: 1, look: c =>
            {
                seen.Enqueue(c);
                File.Delete(folder.File("password"));
            }),
        ], configure: o => (o.User, o.PasswordFile) = ("gw", folder.File("password")));

        await run.ToldAsync("refused");

        Assert.Equal([("gw", "first"), ("gw", "second")], seen.Select(c => (c.User!, System.Text.Encoding.UTF8.GetString(c.Password!))));
        Assert.Contains("password file", run.Told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_CONNECT_keeps_the_session_and_carries_the_Will_made_for_it()
    {
        var seen = new ConcurrentQueue<MqttConnect>();
        int wills = 0;
        await using var run = new Run([Accepts(holdsSeconds: 1, look: seen.Enqueue), Accepts(holdsSeconds: 1, look: seen.Enqueue)], version: "5.0",
            configure: o => (o.SessionExpirySeconds, o.ReceiveMaximum, o.PacketBytesMax, o.KeepAliveSeconds) = (90, 5, 500, 20),
            will: () => new MqttWill("state"u8.ToArray(), [(byte)++wills], 1, true, 0, null, []));

        await run.OutOfScriptAsync();

        Assert.All(seen, c => Assert.Equal((false, 90u, 5, 500u, 20, BrokerConnection.TopicAliasMax, "gateway-test"),
            (c.CleanStart, c.SessionExpirySeconds, c.ReceiveMaximum, c.MaximumPacketSize, c.KeepAliveSeconds, c.TopicAliasMaximum, c.ClientId)));
        Assert.Equal([(1, 1, true), (2, 1, true)], seen.Select(c => ((int)c.Will!.Payload[0], c.Will.Qos, c.Will.Retain)));
    }

    [Fact]
    public async Task Stopped_while_connected_it_says_goodbye_and_tells_no_loss()
    {
        await using var run = new Run([Accepts(holdsSeconds: null)]);
        await run.ToldAsync("up");
        run.Client.Stop();
        await run.Running.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["up"], run.Told);
    }

    private static Step Fails(BrokerEnd end) => new(end, null, null, null);

    /// <param name="holdsSeconds">How long the broker keeps the connection; null = until we leave.</param>
    private static Step Accepts(double? holdsSeconds, MqttReason? farewell = null, Action<MqttConnect>? look = null) => new(null, holdsSeconds, farewell, look);

    /// <summary>What the broker does with one attempt.</summary>
    private sealed record Step(BrokerEnd? Failure, double? HoldsSeconds, MqttReason? Farewell, Action<MqttConnect>? Look);

    /// <summary>A client that runs against a script of attempts, and everything it says.</summary>
    private sealed class Run : IBrokerDialer, IBrokerObserver, IAsyncDisposable
    {
        private readonly TaskCompletionSource _outOfScript = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<string> _told = new();
        private readonly ConcurrentQueue<TimeSpan> _waits = new();
        private readonly Queue<Step> _script;
        private readonly BrokerOptions _options;
        private readonly HastyClock _clock = new();
        private readonly IngestBuffer _ingest = new();
        private readonly List<Task> _brokers = [];
        private int _asked;

        public Run(IEnumerable<Step> script, string version = "3.1.1", Action<BrokerOptions>? configure = null, Func<MqttWill?>? will = null)
        {
            _script = new Queue<Step>(script);
            _options = new BrokerOptions { Id = "yard", Host = "broker.example", ClientId = "gateway-test", Version = version };
            configure?.Invoke(_options);
            var site = BrokerSite.Create();
            var intake = new MqttIntake("mqtt@yard", site.Directory, site.Texts, _ingest, new GatewayClock(_clock), new RefusedMessages(), "yard");
            Client = new BrokerClient(_options, [SubscriptionPlan.Subscription("a/#", 1)], intake, this, new BrokerMind(), this, NullLogger.Instance);
            if (will is not null) Client.Will = will;
            Running = Client.RunAsync(_stop.Token);
        }

        public BrokerClient Client { get; }

        public Task Running { get; }

        public List<string> Told => [.. _told];

        /// <summary>What it waited for before each further attempt.</summary>
        public List<TimeSpan> Waits => [.. _waits];

        public Task OutOfScriptAsync() => _outOfScript.Task.WaitAsync(TimeSpan.FromSeconds(20));

        public Task ToldAsync(string word) => BrokerConnectionTests.Eventually(() => _told.Any(t => t.StartsWith(word, StringComparison.Ordinal)));

        public async Task<(BrokerTransport? Transport, BrokerEnd? Failure)> DialAsync(CancellationToken cancel)
        {
            foreach (var wait in _clock.Asked.Skip(_asked)) _waits.Enqueue(wait);
            if (_script.Count == 0)
            {
                _outOfScript.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancel);
            }
            var step = _script.Dequeue();
            _asked = _clock.Asked.Count;
            if (step.Failure is { } failure) return (null, failure);
            var (toUs, fromUs) = (new Pipe(), new Pipe());
            _brokers.Add(ServeAsync(step, fromUs.Reader, toUs.Writer));
            return (new BrokerTransport(new TwoWayStream(toUs.Reader.AsStream(), fromUs.Writer.AsStream()), TimeProvider.System), null);
        }

        void IBrokerObserver.Up(BrokerClient broker, string? refused) => _told.Enqueue("up");

        void IBrokerObserver.Lost(BrokerClient broker, string why, bool refused) => _told.Enqueue($"{(refused ? "refused" : "lost")} {why}");

        public async ValueTask DisposeAsync()
        {
            Client.Stop();
            await _stop.CancelAsync();
            await Running.WaitAsync(TimeSpan.FromSeconds(20)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(_brokers).WaitAsync(TimeSpan.FromSeconds(20));
            _ingest.Dispose();
            _stop.Dispose();
        }

        /// <summary>CONNACK, SUBACK, then whatever the step says.</summary>
        private async Task ServeAsync(Step step, PipeReader reader, PipeWriter writer)
        {
            var version = _options.ProtocolVersion;
            var connect = (await NextAsync(reader))!;
            step.Look?.Invoke(connect.Connect());
            MqttWriter.Connack(writer, version, new MqttConnack { SessionPresent = true });
            await writer.FlushAsync();
            if (Client.Tally.Connects == 0)
            {
                var subscribe = (await NextAsync(reader))!;
                MqttWriter.Suback(writer, version, subscribe.Id, [1]);
                await writer.FlushAsync();
            }
            int told = _told.Count(t => t == "up");
            await BrokerConnectionTests.Eventually(() => _told.Count(t => t == "up") > told || Client.Status.State == BrokerState.Ok);
            if (step.HoldsSeconds is { } seconds) _clock.Pass(TimeSpan.FromSeconds(seconds));
            else while (await NextAsync(reader) is not null) { }
            if (step.Farewell is { } reason) MqttWriter.Disconnect(writer, version, reason);
            await writer.CompleteAsync();
            await reader.CompleteAsync();
        }

        /// <summary>Null at the end.</summary>
        private static async Task<Packet?> NextAsync(PipeReader reader)
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                var buffer = result.Buffer;
                if (MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out _) == System.Buffers.OperationStatus.Done)
                {
                    var packet = new Packet(frame.Type, frame.Flags, [.. System.Buffers.BuffersExtensions.ToArray(frame.Body)]);
                    reader.AdvanceTo(buffer.Start);
                    return packet;
                }
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted) return null;
            }
        }
    }

    /// <summary>Two one-way streams as one.</summary>
    private sealed class TwoWayStream(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => output.WriteAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => output.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            output.Dispose();
            base.Dispose(disposing);
        }
    }
}
