using System.Collections.Concurrent;
using System.IO.Pipelines;
using Gateway.Links.Tcp;
using Gateway.Testing;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Gateway.Tests.Links.Tcp;

/// <summary>What a conversation has to say goes out; a peer that does not read holds a socket no longer than it may.</summary>
public sealed class FrameSenderTests : IAsyncDisposable
{
    private readonly SteppedClock _clock = new();
    private readonly Frames _frames = new();
    private readonly Pipe _toPeer = new(new PipeOptions(pauseWriterThreshold: 8, resumeWriterThreshold: 4, useSynchronizationContext: false));
    private readonly DefaultConnectionContext _connection = new();
    private readonly FrameSender _sender;

    public FrameSenderTests()
    {
        _connection.Transport = new Duplex(new Pipe().Reader, _toPeer.Writer);
        _sender = new FrameSender(_connection, _clock);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task Frames_go_out_in_their_order()
    {
        _frames.Add(1, 2);
        _frames.Add(3);
        await _sender.SendAsync(_frames);
        var sent = await _toPeer.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], sent.Buffer.FirstSpan.ToArray());
        Assert.False(_connection.ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_left_after_its_time()
    {
        _frames.Add(new byte[16]);
        _frames.Add(new byte[16]);
        var sending = _sender.SendAsync(_frames);
        _clock.Advance(FrameSender.ReadsWithin - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await sending;
        await EndedAsync();
        Assert.False(_frames.HasOutput);
    }

    [Fact]
    public async Task A_connection_that_is_not_over_after_its_time_is_aborted()
    {
        _sender.Leave();
        _clock.Advance(FrameSender.ReadsWithin - TimeSpan.FromSeconds(1));
        Assert.False(_connection.ConnectionClosed.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await EndedAsync();
    }

    /// <summary>The abort is told on another thread.</summary>
    private async Task EndedAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = _connection.ConnectionClosed.Register(ended.SetResult);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private sealed class Frames : IFrameSource
    {
        private readonly ConcurrentQueue<byte[]> _ready = new();

        public bool HasOutput => !_ready.IsEmpty;

        public void Add(params byte[] frame) => _ready.Enqueue(frame);

        public bool TryNext(out byte[] frame) => _ready.TryDequeue(out frame!);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
