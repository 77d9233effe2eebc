using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Gateway.Diagnostics;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Links.MqttClient;
using Gateway.Protocols.Mqtt;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Links.MqttClient;

/// <summary>
/// One connection of ours and a broker that does what the test says, joined by pipes; commits happen when the test makes them. Time stands still until it is moved.
/// </summary>
internal sealed class BrokerRig : IBrokerConnectionOwner, IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private TaskCompletionSource<IReadOnlyList<string>> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Read ahead while something else was awaited.
    private Task<Packet>? _next;
    private Pipe _toUs = new();
    private Pipe _fromUs = new();

    public BrokerRig(BrokerOptions? options = null, string[]? topics = null, int linesBytesMax = IngestBuffer.DefaultLinesBytesMax, BrokerMind? mind = null)
    {
        Options = options ?? new BrokerOptions();
        (Options.Id, Options.Host, Options.ClientId) = (BrokerSite.Yard, "broker.example", Options.ClientId ?? "gateway-test");
        Ingest = new IngestBuffer(linesBytesMax);
        Mind = mind ?? new BrokerMind();
        var intake = new MqttIntake($"mqtt@{Options.Id}", Site.Directory, Site.Texts, Ingest, new GatewayClock(Clock), Refused, Options.Id);
        var wanted = (topics ?? ["site/s1/crane/y1/#"]).Select(t => SubscriptionPlan.Subscription(t, 1)).ToList();
        Session = new BrokerSession(Options, intake, wanted, Mind);
        Connection = Connect();
    }

    public TestSite Site { get; } = BrokerSite.Create();

    public FakeClock Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    public IngestBuffer Ingest { get; }

    public RefusedMessages Refused { get; } = new();

    public BrokerMind Mind { get; }

    public BrokerOptions Options { get; }

    public BrokerSession Session { get; }

    public BrokerConnection Connection { get; private set; }

    public Task<BrokerEnd> Ending { get; private set; } = Task.FromResult(BrokerEnd.Stopped);

    public bool Aborted { get; private set; }

    public List<(bool Present, IReadOnlyList<string> Refused)> Readies { get; } = [];

    public List<(string Filter, int Asked, int Granted)> LowerQos { get; } = [];

    private MqttVersion Version => Options.ProtocolVersion;

    /// <summary>Completes when the connection says so, with what was refused.</summary>
    public Task<IReadOnlyList<string>> ReadyAsync() => _ready.Task.WaitAsync(Limit);

    /// <summary>A connection after the one before has ended, as the client makes it.</summary>
    public BrokerConnection Connect(MqttWill? will = null)
    {
        (_toUs, _fromUs, _next) = (new Pipe(), new Pipe(), null);
        _ready = new TaskCompletionSource<IReadOnlyList<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Connection = new BrokerConnection(new TwoPipes(_toUs.Reader, _fromUs.Writer, Abort), Session, this);
        Ending = Connection.RunAsync(new MqttConnect { Version = Version, ClientId = Session.ClientId, KeepAliveSeconds = Options.KeepAliveSeconds, Will = will });
        return Connection;
    }

    /// <summary>CONNECT, CONNACK, and if it subscribes, all of it granted.</summary>
    public async Task UpAsync(bool sessionPresent = false, MqttConnack? connack = null)
    {
        await ExpectAsync(MqttPacketType.Connect);
        await AcceptAsync((connack ?? new MqttConnack()) with { SessionPresent = sessionPresent });
        while (await Task.WhenAny(_ready.Task, _next ??= ReadAsync()).WaitAsync(Limit) != _ready.Task) await GrantAsync(await NextAsync());
    }

    public Task AcceptAsync(MqttConnack connack) => SendAsync(to => MqttWriter.Connack(to, Version, connack));

    /// <summary>Answers a SUBSCRIBE or UNSUBSCRIBE with what was asked for.</summary>
    public Task GrantAsync(Packet packet) => packet.Type == MqttPacketType.Subscribe
        ? AnswerAsync(packet, [.. packet.Subscribe(Version).Subscriptions.Select(s => (MqttReason)s.Qos)])
        : SendAsync(to => MqttWriter.Unsuback(to, Version, packet.Id, [0]));

    public Task AnswerAsync(Packet subscribe, params MqttReason[] reasons) => SendAsync(to => MqttWriter.Suback(to, Version, subscribe.Id, [.. reasons.Select(r => (byte)r)]));

    /// <summary>A message of the broker.</summary>
    public Task PublishAsync(string topic, string payload, int qos = 1, ushort id = 1, bool retain = false, bool dup = false, int alias = 0) =>
        SendAsync(to => MqttWriter.Publish(to, Version, Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload), new MqttPublishHead { Qos = (byte)qos, PacketId = qos > 0 ? id : (ushort)0, Retain = retain, Dup = dup, TopicAlias = alias }));

    public Task SendAckAsync(MqttPacketType type, ushort id, MqttReason reason = MqttReason.Success) => SendAsync(to => MqttWriter.Ack(to, Version, type, id, reason));

    public async Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        write(_toUs.Writer);
        await _toUs.Writer.FlushAsync();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _toUs.Writer.WriteAsync(bytes);

    /// <summary>The broker hangs up.</summary>
    public async Task HangUpAsync() => await _toUs.Writer.CompleteAsync();

    /// <summary>The next packet from us; it has to be of that type.</summary>
    public async Task<Packet> ExpectAsync(MqttPacketType type)
    {
        var packet = await NextAsync();
        Assert.Equal(type, packet.Type);
        return packet;
    }

    /// <summary>Packet identifiers of the next packets, all of one type.</summary>
    public async Task<List<int>> IdsAsync(MqttPacketType type, int count)
    {
        var ids = new List<int>();
        while (ids.Count < count) ids.Add((await ExpectAsync(type)).Id);
        return ids;
    }

    /// <summary>The next packet from us is the answer to nothing: what should have come before it did not.</summary>
    public async Task ExpectNothingButPingAsync()
    {
        Clock.Advance(TimeSpan.FromSeconds(Options.KeepAliveSeconds / 2.0));
        Connection.Watch();
        await ExpectAsync(MqttPacketType.Pingreq);
        await SendAsync(MqttWriter.Pingresp);
        await BrokerConnectionTests.Eventually(() => Connection.LastReceivedTimestamp == Clock.GetTimestamp());
    }

    /// <summary>How the connection ended.</summary>
    public Task<BrokerEnd> EndAsync() => Ending.WaitAsync(Limit);

    /// <summary>Waits until something is in the ingest buffer.</summary>
    public void Arrived() => Assert.True(Ingest.Arrived.Wait(Limit), "nothing arrived");

    /// <summary>Waits until so many messages were taken in since the beginning.</summary>
    public async Task ArrivedAsync(long messages)
    {
        using var late = new CancellationTokenSource(Limit);
        while (Ingest.Received < messages)
        {
            Assert.False(late.IsCancellationRequested, $"{Ingest.Received} of {messages} messages arrived");
            await Task.Yield();
        }
    }

    /// <summary>As the engine's round: everything in the buffer is on disk, and acknowledged.</summary>
    public Round Commit()
    {
        var batch = Ingest.Take();
        var round = new Round([.. batch.Readings.ToArray()], [.. batch.Events], Encoding.UTF8.GetString(batch.Lines));
        foreach (var (sink, token) in batch.Acks)
            if (sink.Committed(token)) sink.Flush();
        Ingest.Return(batch);
        return round;
    }

    void IBrokerConnectionOwner.Ready(bool sessionPresent, IReadOnlyList<string> refused)
    {
        Readies.Add((sessionPresent, refused));
        _ready.TrySetResult(refused);
    }

    void IBrokerConnectionOwner.LowerQos(string filter, int asked, int granted) => LowerQos.Add((filter, asked, granted));

    public async ValueTask DisposeAsync()
    {
        await HangUpAsync();
        await Ending.WaitAsync(Limit);
        Ingest.Dispose();
    }

    private async Task<Packet> NextAsync()
    {
        var next = _next ?? ReadAsync();
        _next = null;
        return await next.WaitAsync(Limit);
    }

    private async Task<Packet> ReadAsync()
    {
        var reader = _fromUs.Reader;
        while (true)
        {
            var result = await reader.ReadAsync();
            var buffer = result.Buffer;
            var status = MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out var verdict);
            Assert.True(status != OperationStatus.InvalidData, verdict.ToString());
            if (status == OperationStatus.Done)
            {
                var packet = new Packet(frame.Type, frame.Flags, frame.Body.ToArray());
                reader.AdvanceTo(buffer.Start);
                return packet;
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            Assert.False(result.IsCompleted, "the connection was over before the packet came");
        }
    }

    private void Abort()
    {
        Aborted = true;
        _toUs.Writer.Complete();
    }

    private sealed record TwoPipes(PipeReader Input, PipeWriter Output, Action OnAbort) : IBrokerTransport
    {
        public string? Fault => null;

        public void Abort() => OnAbort();
    }
}

/// <summary>A packet of ours.</summary>
internal sealed record Packet(MqttPacketType Type, byte Flags, byte[] Body)
{
    /// <summary>Packet identifier of everything that begins with one.</summary>
    public ushort Id => (ushort)(Body[0] << 8 | Body[1]);

    public MqttConnect Connect()
    {
        var verdict = MqttConnect.TryParse(Body, out var connect, out _);
        Assert.True(verdict.IsOk, verdict.ToString());
        return connect!;
    }

    public MqttSubscribe Subscribe(MqttVersion version)
    {
        var verdict = MqttSubscribe.TryParse(Body, version, out var subscribe);
        Assert.True(verdict.IsOk, verdict.ToString());
        return subscribe!;
    }

    public MqttReason Reason(MqttVersion version)
    {
        var verdict = MqttAck.TryParse(Type, Body, version, out var ack);
        Assert.True(verdict.IsOk, verdict.ToString());
        return ack.Reason;
    }

    public (string Topic, string Payload, int Qos, bool Dup, bool Retain, ushort Id) Publish(MqttVersion version)
    {
        var verdict = MqttPublish.TryParse(Flags, Body, version, MqttRole.Client, out var publish);
        Assert.True(verdict.IsOk, verdict.ToString());
        return (Encoding.UTF8.GetString(publish.Topic), Encoding.UTF8.GetString(publish.Payload), publish.Qos, publish.Dup, publish.Retain, publish.PacketId);
    }
}

/// <summary>What one commit held.</summary>
internal sealed record Round(IReadOnlyList<Reading> Readings, IReadOnlyList<LinkEvent> Events, string Lines);

/// <summary>Remembers subscriptions as the store does, and what was remembered in between.</summary>
internal sealed class BrokerMind : IBrokerMemory
{
    public List<string> Steps { get; } = [];

    public string? Last { get; set; }

    public string? Subscriptions(string broker) => Last;

    public Task RememberAsync(string broker, string subscriptions)
    {
        Steps.Add(Last = subscriptions);
        return Task.CompletedTask;
    }
}
