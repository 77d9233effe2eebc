using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Decoding;
using Gateway.Protocols.LineProtocol;
using Gateway.Protocols.Mqtt;

namespace Gateway.Benchmarks.Micro;

/// <summary>From the bytes of a PUBLISH to samples and the field part of a line.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private readonly DecodedMessage _message = new();
    private readonly byte[] _number = Encoding.ASCII.GetBytes("31.5587");
    private byte[] _packet = [];
    private DeviceRoute _route = null!;
    private JsonDecoder _decoder = null!;

    [GlobalSetup]
    public void Setup()
    {
        var site = new BenchSite();
        (_route, _decoder) = (site.Directory.Registered[7], new JsonDecoder(site.Texts));
        byte[] topic = Encoding.UTF8.GetBytes("site/s7/crane/7/telemetry");
        int length = 2 + topic.Length + 2 + BenchSite.Message.Length;
        _packet = [0x32, (byte)(length & 0x7F | 0x80), (byte)(length >> 7), 0, (byte)topic.Length, .. topic, 0, 1, .. BenchSite.Message];
    }

    [Benchmark(Description = "PUBLISH: frame and parse")]
    public int Publish()
    {
        var buffer = new ReadOnlySequence<byte>(_packet);
        if (MqttFrame.TryRead(ref buffer, 65_536, out var frame, out _) != OperationStatus.Done) throw new InvalidOperationException("torn");
        if (!MqttPublish.TryParse(frame.Flags, frame.Body.FirstSpan, MqttVersion.V311, MqttRole.Client, out var publish).IsOk) throw new InvalidOperationException("malformed");
        return publish.Payload.Length;
    }

    [Benchmark(Description = "JSON of 12 members: samples and line fields")]
    public int Json()
    {
        if (_decoder.Decode(_route, BenchSite.Message, _message) != DecodeOutcome.Decoded) throw new InvalidOperationException("not decoded");
        return _message.SampleCount;
    }

    [Benchmark(Description = "one decimal number")]
    public double Number() => DecimalText.TryParse(_number, out double value) ? value : throw new InvalidOperationException("no number");
}
