using System.Buffers.Binary;
using System.Net.Sockets;
using FirmwareSim.Devices;
using FirmwareSim.Wire;
using FirmwareSim.Wire.Mqtt;

namespace FirmwareSim.Tests.Wire;

/// <summary>
/// A device and a broker on a real socket. Every wait ends with an event; the patience only keeps a failure from hanging.
/// </summary>
public sealed class MqttLinkTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));
    private readonly LoopbackBroker _broker = new();
    private readonly Device _device = new("c1", DeviceKind.Crane, LinkKind.Mqtt, TimeProvider.System);
    private readonly Outbox _outbox;
    private readonly Task _running;

    public MqttLinkTests()
    {
        _outbox = new Outbox(_device.Traffic);
        var topics = new MqttTopics("s", _device);
        _running = new DeviceLink(_device, _broker.Address, () => new MqttSession(_device, topics, _outbox, TimeProvider.System),
            TimeProvider.System, new Journal(TextWriter.Null, TimeProvider.System)).RunAsync(_patience.Token);
    }

    public void Dispose()
    {
        _patience.Cancel();
        _running.Wait();
        _broker.Dispose();
        _patience.Dispose();
    }

    private Task<(byte First, byte[] Body)> NextAsync() => _broker.ReadPacketAsync(_patience.Token);

    private async Task AcceptAsync()
    {
        await _broker.AcceptAsync(_patience.Token);
        (byte first, byte[] status) = await NextAsync();
        Assert.Equal(0x33, first);
        Assert.EndsWith("{\"online\":true}", System.Text.Encoding.UTF8.GetString(status), StringComparison.Ordinal);
    }

    private static ushort PacketIdOf(byte[] publish) => BinaryPrimitives.ReadUInt16BigEndian(publish.AsSpan(2 + publish[1]));

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_with_DUP_on_the_next_connection_and_only_that()
    {
        await AcceptAsync();
        _outbox.Add([1]);
        (byte first, byte[] acknowledged) = await NextAsync();
        Assert.Equal(0x32, first);
        _outbox.Add([2]);
        (_, byte[] lost) = await NextAsync();
        await _broker.AcknowledgeAsync(PacketIdOf(acknowledged), _patience.Token);
        while (_device.Traffic.Acknowledged == 0) await Task.Delay(TimeSpan.FromMilliseconds(5), _patience.Token);
        _broker.HangUp();

        await AcceptAsync();
        (byte again, byte[] repeated) = await NextAsync();
        Assert.Equal(0x3A, again);
        Assert.Equal(lost, repeated);
        Assert.Equal(2, _device.Traffic.Sent);
    }

    [Fact]
    public async Task A_disconnect_says_goodbye_and_stays_away_until_recovered()
    {
        await AcceptAsync();
        _device.Effects.Start(EffectKind.Disconnect);
        Assert.Equal(0xE0, (await NextAsync()).First);
        Assert.Equal(0, (await NextAsync()).First);
        _device.Effects.Clear();
        await AcceptAsync();
    }

    [Fact]
    public async Task A_kill_resets_the_socket_without_a_word()
    {
        await AcceptAsync();
        _device.Effects.Start(EffectKind.Kill);
        SocketException failure = await Assert.ThrowsAsync<SocketException>(NextAsync);
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        Assert.False(_device.Traffic.Connected);
    }
}
