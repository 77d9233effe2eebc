using System.Collections.Concurrent;
using System.Text;
using Gateway.Decoding;

namespace Gateway.Diagnostics;

/// <summary>Messages that became no reading: counted by link and reason, the latest few of each kept for a person to look at.</summary>
public sealed class RefusedMessages
{
    private const int SampleBytesMax = 200;

    private readonly ConcurrentDictionary<(string Link, DecodeOutcome Reason), Entry> _entries = new();

    public void Count(string link, DecodeOutcome reason, string address, ReadOnlySpan<byte> payload)
    {
        var entry = _entries.GetOrAdd((link, reason), _ => new Entry());
        // A sample is text only for the first of every 64: a device that lies at full speed must not cost a string each time.
        if (Interlocked.Increment(ref entry.Count) % 64 != 1) return;
        entry.Sample = $"{address}: {Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, SampleBytesMax)])}";
    }

    public IEnumerable<(string Link, DecodeOutcome Reason, long Count, string Sample)> All() =>
        _entries.Select(e => (e.Key.Link, e.Key.Reason, Interlocked.Read(ref e.Value.Count), e.Value.Sample));

    private sealed class Entry
    {
        public long Count;

        public volatile string Sample = "";
    }
}
