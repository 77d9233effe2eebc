using Gateway.Domain.Readings;
using Gateway.Engine;

namespace Gateway.Ingest;

/// <summary>Everything that arrived since the last commit, in order of receipt: readings and samples for the engine, lines for the store, who waits for an acknowledgement.</summary>
/// <remarks>Two of them exist and are swapped; arrays grow to what the load needs and stay. Owned by the links while open, by the engine stage once swapped.</remarks>
public sealed class IngestBatch
{
    private Reading[] _readings = new Reading[256];
    private Sample[] _samples = new Sample[2048];
    private byte[] _lines = new byte[64 * 1024];
    private (IAcknowledge Sink, long Token)[] _acks = new (IAcknowledge, long)[256];

    public ReadOnlySpan<Reading> Readings => _readings.AsSpan(0, ReadingCount);

    public int ReadingCount { get; private set; }

    public int SampleCount { get; private set; }

    public ReadOnlySpan<byte> Lines => _lines.AsSpan(0, LineBytes);

    public int LineBytes { get; private set; }

    public int LineCount { get; private set; }

    public ReadOnlySpan<(IAcknowledge Sink, long Token)> Acks => _acks.AsSpan(0, AckCount);

    public int AckCount { get; private set; }

    /// <summary>Receipt time of the first reading, ms of the gateway's timeline.</summary>
    public long FirstReceivedMs => ReadingCount == 0 ? 0 : _readings[0].ReceivedAtMs;

    public List<LinkEvent> Events { get; } = [];

    public bool IsEmpty => ReadingCount == 0 && AckCount == 0 && Events.Count == 0;

    public ReadOnlySpan<Sample> SamplesOf(in Reading reading) => _samples.AsSpan(reading.FirstSample, reading.SampleCount);

    internal void Add(Reading reading, ReadOnlySpan<Sample> samples)
    {
        Grow(ref _readings, ReadingCount, 1);
        Grow(ref _samples, SampleCount, samples.Length);
        samples.CopyTo(_samples.AsSpan(SampleCount));
        (reading.FirstSample, reading.SampleCount) = (SampleCount, samples.Length);
        SampleCount += samples.Length;
        _readings[ReadingCount++] = reading;
    }

    /// <param name="mark">A further field with its comma, or nothing.</param>
    internal void AddLine(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> mark, long pointUs)
    {
        Grow(ref _lines, LineBytes, prefix.Length + fields.Length + mark.Length + 32);
        var to = _lines.AsSpan(LineBytes);
        prefix.CopyTo(to);
        fields.CopyTo(to[prefix.Length..]);
        mark.CopyTo(to[(prefix.Length + fields.Length)..]);
        int head = prefix.Length + fields.Length + mark.Length;
        LineBytes += head + Protocols.LineProtocol.LineWriter.Timestamp(to[head..], pointUs);
        LineCount++;
    }

    internal void AddAck(IAcknowledge sink, long token)
    {
        Grow(ref _acks, AckCount, 1);
        _acks[AckCount++] = (sink, token);
    }

    internal void Clear()
    {
        Array.Clear(_acks, 0, AckCount);
        (ReadingCount, SampleCount, LineBytes, LineCount, AckCount) = (0, 0, 0, 0, 0);
        Events.Clear();
    }

    private static void Grow<T>(ref T[] array, int used, int more)
    {
        if (used + more > array.Length) Array.Resize(ref array, Math.Max(2 * array.Length, used + more));
    }
}

/// <summary>Whoever owes a device an answer. Called on the engine's thread after the commit; must not block.</summary>
public interface IAcknowledge
{
    /// <summary>The message is on disk. True when <see cref="Flush"/> is now due.</summary>
    bool Committed(long token);

    /// <summary>Sends what was acknowledged since the last flush.</summary>
    void Flush();
}

/// <summary>What a link says besides readings.</summary>
/// <param name="Text">The bus of a port event, the broker, the client of the ledger, the target of a condition.</param>
/// <param name="Cause">The word presence is given.</param>
/// <param name="Reason">What happened, for people.</param>
/// <param name="AfterReading">How many readings of the batch came before it.</param>
public readonly record struct LinkEvent(LinkEventKind Kind, int Device, string Text, string Cause, long AtMs, int AfterReading, string Reason = "", UnregisteredDevice? Stranger = null);

public enum LinkEventKind : byte { Up, Down, Died, PortOpened, PortLost, BrokerBack, BrokerLost, Stranger, ConditionRaised, ConditionOver, ClientLost, ClientBack, ClockSane, ClockInsane }
