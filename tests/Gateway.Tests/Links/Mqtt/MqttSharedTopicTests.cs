using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Broker;
using Gateway.Store;
using Gateway.Testing;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>A vendor's bridge that speaks for several devices over one connection and one topic.</summary>
public sealed class MqttSharedTopicTests : IDisposable
{
    private readonly TestSite _site = new(moreDevices: """
        , { "id": "g1", "name": "g", "kind": "crane", "profile": "goyo-crane-json", "link": "mqtt", "topic": "goyo/up", "serial": "TC1" }
        , { "id": "g2", "name": "g", "kind": "hoist", "profile": "goyo-hoist-json", "link": "mqtt", "topic": "goyo/up", "serial": "SJ2" }
        """);

    private readonly IngestBuffer _ingest = new();
    private readonly RefusedMessages _refused = new();
    private readonly FakeClock _clock = new();

    private readonly TempDirectory _folder = new();

    public void Dispose()
    {
        _ingest.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_message_of_a_shared_topic_reaches_its_own_device_and_kind()
    {
        await SayAsync(
            """{"frame_type":"register","data":{"sn":"TC1"}}""",
            """{"frame_type":"real_time_data","data":{"sn":"TC1","weight":2.5}}""",
            """{"frame_type":"real_time_data","data":{"sn":"SJ2","peoples":3}}""",
            """{"frame_type":"heart_beat","data":{"sn":"TC1"}}""",
            """{"frame_type":"real_time_data","data":{"sn":"TC1","weight":2.6}}""");

        var batch = _ingest.Take();
        int crane = _site.IndexOf("g1"), hoist = _site.IndexOf("g2");
        Assert.Equal([(crane, ReadingKind.Measurement), (hoist, ReadingKind.Measurement), (crane, ReadingKind.Heartbeat), (crane, ReadingKind.Measurement)], batch.Readings.ToArray().Select(r => (r.Device, r.Kind)));
        Assert.Equal([(LinkEventKind.Up, crane), (LinkEventKind.Up, hoist), (LinkEventKind.Down, crane), (LinkEventKind.Down, hoist)], batch.Events.Select(e => (e.Kind, e.Device)));
        Assert.Equal(3, batch.LineCount);
        Assert.Empty(_refused.All());
    }

    [Fact]
    public async Task An_unknown_serial_is_told_once_as_a_stranger_and_what_cannot_be_told_apart_is_counted()
    {
        await SayAsync(
            """{"frame_type":"real_time_data","data":{"sn":"TC7","weight":2.5}}""",
            """{"frame_type":"real_time_data","data":{"sn":"TC1","weight":2.5}}""",
            """{"frame_type":"real_time_data","data":{"sn":"TC7","weight":2.6}}""",
            """{"frame_type":"real_time_data","data":{"weight":2.5}}""",
            """{"frame_type":"firmware","data":{"sn":"TC1"}}""");

        var batch = _ingest.Take();
        var stranger = Assert.Single(batch.Events, e => e.Kind == LinkEventKind.Stranger).Stranger!;
        Assert.Equal(("mqtt", "goyo/up#TC7", "crane"), (stranger.Link, stranger.Address, stranger.Kind));
        Assert.Equal([stranger.Index, _site.IndexOf("g1"), stranger.Index], batch.Readings.ToArray().Select(r => r.Device));
        Assert.Contains("registered=no", Encoding.UTF8.GetString(batch.Lines), StringComparison.Ordinal);
        Assert.Equal([DecodeOutcome.NoSerial, DecodeOutcome.UnknownKind], _refused.All().Select(r => r.Reason).Order());
        Assert.All(_refused.All(), r => Assert.StartsWith("goyo/up: {\"frame_type\"", r.Sample, StringComparison.Ordinal));
    }

    /// <summary>One connection from CONNECT to DISCONNECT.</summary>
    private async Task SayAsync(params string[] payloads)
    {
        var (input, output) = (new Pipe(), new Pipe());
        await using var connection = new DefaultConnectionContext("1") { Transport = new TwoPipes(input.Reader, output.Writer) };
        using var sessions = MqttSessions.Open(new StoreOptions { Directory = _folder.Path }, _ingest);
        var intake = new MqttIntake(MqttLink.Name, _site.Directory, _site.Texts, _ingest, new GatewayClock(_clock), _refused);
        var link = new MqttLink(new MqttOptions(), intake, sessions, new OpenAccess(allowAnonymous: true), NullLogger<MqttLink>.Instance);
        await input.Writer.WriteAsync(Packet(0x10, [0, 4, .. "MQTT"u8, 4, 2, 0, 60, 0, 1, (byte)'b']));
        foreach (string payload in payloads) await input.Writer.WriteAsync(Packet(0x30, [.. Text("goyo/up"), .. Encoding.UTF8.GetBytes(payload)]));
        await input.Writer.WriteAsync(Packet(0xE0, []));
        await input.Writer.CompleteAsync();
        await link.OnConnectedAsync(connection).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static byte[] Text(string text)
    {
        byte[] utf8 = [0, 0, .. Encoding.UTF8.GetBytes(text)];
        BinaryPrimitives.WriteUInt16BigEndian(utf8, (ushort)(utf8.Length - 2));
        return utf8;
    }

    private static byte[] Packet(byte type, byte[] body) =>
        body.Length < 128 ? [type, (byte)body.Length, .. body] : [type, (byte)(body.Length & 0x7F | 0x80), (byte)(body.Length >> 7), .. body];

    private sealed record TwoPipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
