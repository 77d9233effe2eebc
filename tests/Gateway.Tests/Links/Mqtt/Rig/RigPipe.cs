using System.IO.Pipelines;

namespace Gateway.Tests.Links.Mqtt.Rig;

/// <summary>A connection without sockets: two pipes whose ends run on the stack of whoever touches the other end.</summary>
/// <param name="unreadBytesMax">So much waits for a client that does not read; 64 KiB in Kestrel.</param>
internal sealed class RigPipe(int unreadBytesMax) : IDuplexPipe
{
    /// <summary>Takes whatever a client says: how far the gateway reads is the gateway's business.</summary>
    public Pipe Up { get; } = new(Options(0));

    public Pipe Down { get; } = new(Options(unreadBytesMax));

    public PipeReader Input => Up.Reader;

    public PipeWriter Output => Down.Writer;

    private static PipeOptions Options(int pauseAt) => new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: pauseAt, resumeWriterThreshold: pauseAt / 2, useSynchronizationContext: false);
}
