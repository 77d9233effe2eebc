using Gateway.Links.Serial;

namespace Gateway.Testing.Serial;

/// <summary>Keeps everything a port told, in words and bytes, and answers when a test says with what.</summary>
internal sealed class RecordingTalker : ISerialTalker
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly List<string> _told = [];
    private readonly List<byte> _bytes = [];

    /// <summary>What is done with each chunk, on the port's thread.</summary>
    public Action<byte[]>? OnChunk { get; init; }

    public IReadOnlyList<string> Told
    {
        get
        {
            lock (_told) return [.. _told];
        }
    }

    public byte[] Bytes
    {
        get
        {
            lock (_told) return [.. _bytes];
        }
    }

    public long LastTimestamp { get; private set; }

    public void Opened() => Tell("opened");

    public void Lost(string reason) => Tell($"lost: {reason}");

    public void Idle() => Tell("idle");

    public void Received(ReadOnlySpan<byte> chunk, long receivedTimestamp)
    {
        byte[] copy = chunk.ToArray();
        lock (_told)
        {
            _bytes.AddRange(copy);
            LastTimestamp = receivedTimestamp;
        }
        OnChunk?.Invoke(copy);
        Tell("bytes");
    }

    public int Count(string word) => Told.Count(t => t.StartsWith(word, StringComparison.Ordinal));

    /// <summary>Waits until what was told satisfies the condition.</summary>
    public void WaitFor(Func<RecordingTalker, bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        lock (_told)
        {
            while (!condition(this))
            {
                var left = s_patience - TimeProvider.System.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_told, left)) throw new TimeoutException("waited in vain; told so far: " + string.Join(", ", _told.TakeLast(30)));
            }
        }
    }

    private void Tell(string what)
    {
        lock (_told)
        {
            _told.Add(what);
            Monitor.PulseAll(_told);
        }
    }
}
