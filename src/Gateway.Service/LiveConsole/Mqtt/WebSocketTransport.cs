using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Gateway.Service.LiveConsole.Mqtt;

/// <summary>A WebSocket as the bytes MQTT wants: frames are no boundaries of packets [MQTT-6.0.0-2], and a frame that is not binary ends the connection [MQTT-6.0.0-1].</summary>
internal sealed class WebSocketTransport(WebSocket socket) : IDuplexPipe
{
    /// <summary>A peer that does not answer our close is cut off.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

    // A pipe and not the socket itself: ending a read that waits would tear the socket down before the last words are out.
    private readonly Pipe _received = new();
    private WebSocketCloseStatus _status = WebSocketCloseStatus.NormalClosure;

    public PipeReader Input => _received.Reader;

    public PipeWriter Output { get; } = PipeWriter.Create(new BinaryFrames(socket));

    /// <param name="serve">Uses the transport until one of the two ends it.</param>
    public async Task RunAsync(Func<IDuplexPipe, Task> serve)
    {
        var receiving = ReceiveAsync();
        await serve(this);
        await _received.Reader.CompleteAsync();
        using var limit = new CancellationTokenSource(CloseWithin);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync(_status, null, limit.Token);
            await receiving.WaitAsync(limit.Token);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // There is nobody to say farewell to.
            socket.Abort();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var frame = await socket.ReceiveAsync(_received.Writer.GetMemory(), CancellationToken.None);
                if (frame.MessageType == WebSocketMessageType.Text) _status = WebSocketCloseStatus.InvalidMessageType;
                if (frame.MessageType != WebSocketMessageType.Binary) break;
                _received.Writer.Advance(frame.Count);
                if ((await _received.Writer.FlushAsync()).IsCompleted) break;
            }
        }
        catch (WebSocketException)
        {
            // The peer went without a word; the end of the input says it.
        }
        await _received.Writer.CompleteAsync();
    }

    /// <summary>The sending half: what is written at once becomes one frame.</summary>
    private sealed class BinaryFrames(WebSocket socket) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }
            catch (WebSocketException lost)
            {
                throw new IOException(lost.Message, lost);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
            // Nothing is held back.
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
