using System.IO.Pipelines;

namespace Gateway.Links.MqttClient;

/// <summary>
/// A stream with a bounded pipe in each direction. Sockets complete on the polling thread that reads the devices (Program.cs): there the bytes are only copied; whoever reads
/// or writes the pipes runs on the thread pool, and a write never waits for the network.
/// </summary>
internal sealed class BrokerTransport : IBrokerTransport, IAsyncDisposable
{
    private const int ReadBytes = 16 * 1024;
    private const int WaitingBytesMax = 128 * 1024;

    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly Pipe _incoming = new(Options());
    private readonly Pipe _outgoing = new(Options());
    private readonly Task _receiving;
    private readonly Task _sending;

    /// <param name="stream">Connected; disposed with the transport.</param>
    public BrokerTransport(Stream stream, TimeProvider time)
    {
        (_stream, _time) = (stream, time);
        (_receiving, _sending) = (ReceiveAsync(), SendAsync());
    }

    public PipeReader Input => _incoming.Reader;

    public PipeWriter Output => _outgoing.Writer;

    public string? Fault { get; private set; }

    public void Abort() => _stream.Dispose();

    /// <summary>Lets what was written go out, for a moment, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _outgoing.Writer.CompleteAsync();
        await Task.WhenAny(_sending, Task.Delay(FarewellLimit, _time));
        Abort();
        await _incoming.Reader.CompleteAsync();
        await _receiving;
        await _sending;
    }

    private static PipeOptions Options() => new(readerScheduler: PipeScheduler.ThreadPool, writerScheduler: PipeScheduler.ThreadPool,
        pauseWriterThreshold: WaitingBytesMax, resumeWriterThreshold: WaitingBytesMax / 2, useSynchronizationContext: false);

    private async Task ReceiveAsync()
    {
        var writer = _incoming.Writer;
        try
        {
            while (await _stream.ReadAsync(writer.GetMemory(ReadBytes)) is > 0 and var read)
            {
                writer.Advance(read);
                if ((await writer.FlushAsync()).IsCompleted) break;
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // A pipe that is completed with an exception throws at once, and what came before it would be lost: a broker that was killed may not have it any more.
            Fault = gone is IOException ? (gone.InnerException ?? gone).Message : "the connection was cut";
        }
        await writer.CompleteAsync();
    }

    private async Task SendAsync()
    {
        var reader = _outgoing.Reader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                foreach (var segment in result.Buffer) await _stream.WriteAsync(segment);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) break;
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The reading half notices the same, says so, and first reads what had come: so nothing is cut here.
        }
        await reader.CompleteAsync();
    }
}

/// <summary>A connection to a broker, whatever it runs over.</summary>
internal interface IBrokerTransport : IDuplexPipe
{
    /// <summary>Why it broke off; null when it ended in good order. Known once all that came has been read.</summary>
    string? Fault { get; }

    /// <summary>Cuts it at once; what is on its way is lost.</summary>
    void Abort();
}
