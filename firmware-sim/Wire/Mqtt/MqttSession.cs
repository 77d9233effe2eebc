using System.Net.Sockets;
using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Mqtt;

/// <summary>One MQTT connection of one device: CONNECT with a Will, the online status, then whatever the outbox holds, and pings.</summary>
internal sealed class MqttSession(Device device, MqttTopics topics, Outbox outbox, TimeProvider time) : ILinkSession
{
    private const ushort KeepAliveSeconds = 30;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How often a quiet connection looks whether a ping is due.</summary>
    private static readonly TimeSpan KeepAliveCheckInterval = TimeSpan.FromSeconds(1);

    private long _lastPingAt = time.GetTimestamp();
    private volatile bool _isPingPending;

    private static ReadOnlySpan<byte> Offline => "{\"online\":false}"u8;

    private static ReadOnlySpan<byte> Online => "{\"online\":true}"u8;

    public async Task<string?> OpenAsync(NetworkStream stream, CancellationToken stop)
    {
        await stream.WriteAsync(MqttPackets.Connect(device.Id, KeepAliveSeconds, topics.Status, Offline), stop);
        MqttPacket answer = await MqttPacketReader.ReadAsync(stream, stop);
        if (answer.Type != MqttPacketType.ConnectAck) return $"broker answered CONNECT with {answer.Type}, expected CONNACK";
        if (answer.ReturnCode != 0) return $"broker refused CONNECT with return code {answer.ReturnCode}";
        outbox.Rewind();
        await stream.WriteAsync(MqttPackets.Publish(topics.Status, Online, outbox.TakePacketId(), retain: true, duplicate: false), stop);
        return null;
    }

    public async Task<string> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                MqttPacket packet = await MqttPacketReader.ReadAsync(stream, stop);
                if (packet.Type == MqttPacketType.PublishAck) outbox.Acknowledge(packet.PacketId);
                if (packet.Type == MqttPacketType.PingResponse) _isPingPending = false;
            }
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
        catch (EndOfStreamException)
        {
            return "the other side closed the connection";
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return $"connection lost ({failure.Message})";
        }
    }

    public async Task<string> WriteAsync(NetworkStream stream, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (device.Effects.IsSpeaking) await SendWaitingAsync(stream, stop);
                if (!await KeepAliveAsync(stream, stop)) return "broker did not answer a ping";
                await outbox.WaitForChangeAsync(KeepAliveCheckInterval, time, stop);
            }
            return "stopped";
        }
        catch (OperationCanceledException)
        {
            return "stopped";
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return $"connection lost ({failure.Message})";
        }
    }

    public async Task CloseAsync(NetworkStream stream, CancellationToken stop) => await stream.WriteAsync(MqttPackets.Disconnect(), stop);

    private async Task SendWaitingAsync(NetworkStream stream, CancellationToken stop)
    {
        while (outbox.TryTake(out OutgoingMessage? message, out bool duplicate))
            await stream.WriteAsync(MqttPackets.Publish(topics.Report, message.Payload, message.PacketId, retain: false, duplicate), stop);
    }

    private async Task<bool> KeepAliveAsync(NetworkStream stream, CancellationToken stop)
    {
        TimeSpan sinceLastPing = time.GetElapsedTime(_lastPingAt);
        if (_isPingPending) return sinceLastPing < PingTimeout;
        if (sinceLastPing < PingInterval) return true;
        _lastPingAt = time.GetTimestamp();
        _isPingPending = true;
        await stream.WriteAsync(MqttPackets.PingRequest(), stop);
        return true;
    }
}
