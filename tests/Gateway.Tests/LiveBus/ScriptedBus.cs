using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Protocols.Mqtt;

namespace Gateway.Tests.LiveBus;

/// <summary>A broker on a port of this machine that is there when the test says so: knows no session, keeps what is retained, acknowledges everything.</summary>
internal sealed class ScriptedBus : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    public ScriptedBus()
    {
        // The port is ours, but nobody answers yet.
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        _listener = new TcpListener(IPAddress.Loopback, Port);
    }

    public int Port { get; }

    public ConcurrentDictionary<string, string> Retained { get; } = new();

    public MqttConnect? Connect { get; private set; }

    public void Open()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await SpeakAsync(PipeReader.Create(client.GetStream()), PipeWriter.Create(client.GetStream()));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // The test is over, or the client went.
        }
    }

    private async Task SpeakAsync(PipeReader from, PipeWriter to)
    {
        while (true)
        {
            var result = await from.ReadAsync(_stop.Token);
            var buffer = result.Buffer;
            while (MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out _) == OperationStatus.Done) Answer(frame, to);
            from.AdvanceTo(buffer.Start, buffer.End);
            await to.FlushAsync(_stop.Token);
            if (result.IsCompleted) return;
        }
    }

    private void Answer(in MqttFrame frame, PipeWriter to)
    {
        byte[] body = frame.Body.ToArray();
        if (frame.Type == MqttPacketType.Connect)
        {
            MqttConnect.TryParse(body, out var connect, out _);
            Connect = connect;
            MqttWriter.Connack(to, MqttVersion.V311, new MqttConnack());
        }
        else if (frame.Type == MqttPacketType.Pingreq) MqttWriter.Pingresp(to);
        else if (frame.Type == MqttPacketType.Publish)
        {
            MqttPublish.TryParse(frame.Flags, body, MqttVersion.V311, MqttRole.Client, out var publish);
            string topic = Encoding.UTF8.GetString(publish.Topic);
            if (publish.Payload.IsEmpty) Retained.TryRemove(topic, out _);
            else if (publish.Retain) Retained[topic] = Encoding.UTF8.GetString(publish.Payload);
            MqttWriter.Ack(to, MqttVersion.V311, MqttPacketType.Puback, publish.PacketId, MqttReason.Success);
        }
    }
}
