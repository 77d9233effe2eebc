using Gateway.Engine;
using Gateway.Store;
using Gateway.Store.Damage;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>
/// What changed in sessions, queues and retained messages since the last commit, in order. Link threads add; the engine's thread commits it in each round before
/// anything of that round is acknowledged. What came and went between two commits never touches the disk.
/// </summary>
internal sealed class MqttJournal(MqttStore opened, Action wake, FileDamage? damage = null) : IRoundStore, IDisposable
{
    /// <summary>Bounds of what may wait while a disk refuses: beyond them no connection adds to it, so that the memory is bounded too.</summary>
    private const int EntriesMax = 100_000;
    private const long BytesMax = 64 * 1024 * 1024;

    private const int InsertsKeptMax = 10_000;

    private MqttStore _store = opened;
    private readonly Lock _gate = new();
    private readonly ReaderWriterLockSlim _groups = new();
    private Dictionary<(string Client, long Number), int> _inserts = [];
    private List<MqttChange> _open = [];
    private List<MqttChange> _taken = [];
    private long _openBytes;
    private long _takenBytes;
    private long _last;
    private long _takenLast;
    private long _committed;

    /// <summary>Told after each commit, on the engine's thread.</summary>
    public event Action? Advanced;

    /// <summary>Entries up to this number are on disk.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Entries that wait for their commit.</summary>
    public int Waiting => _open.Count + _taken.Count;

    /// <summary>Bytes of the messages among them.</summary>
    public long WaitingBytes => Volatile.Read(ref _openBytes) + Volatile.Read(ref _takenBytes);

    /// <summary>False when so much waits that whoever would add to it should wait too.</summary>
    public bool HasRoom => Waiting < EntriesMax && WaitingBytes < BytesMax;

    public FileDamage? Damage => damage;

    public string Name => MqttStore.Name;

    public bool HasWork => Volatile.Read(ref _last) > Committed;

    /// <returns>The entry's number: it is on disk when <see cref="Committed"/> has reached it.</returns>
    public long Add(in MqttChange change)
    {
        bool first;
        long number;
        lock (_gate)
        {
            first = _open.Count == 0;
            if (!Cancels(change))
            {
                _open.Add(change);
                _openBytes += BytesOf(change);
            }
            number = ++_last;
        }
        if (first) wake();
        return number;
    }

    /// <summary>What is added until the end of the group comes into one commit. Groups are short and wait for nothing; enter before any other lock.</summary>
    public JournalGroup Group()
    {
        _groups.EnterReadLock();
        return new JournalGroup(_groups);
    }

    /// <exception cref="StoreException">Nothing was kept; the same entries are offered again at the next call.</exception>
    public void Commit()
    {
        if (_taken.Count == 0) Swap();
        if (_taken.Count > 0) _store.Apply(_taken);
        _taken.Clear();
        Volatile.Write(ref _takenBytes, 0);
        Volatile.Write(ref _committed, _takenLast);
    }

    public FileDamage Repair(string found, DateTimeOffset now, Action alive)
    {
        var old = _store;
        old.Dispose();
        var repaired = StoreRepair.Mqtt(old.Path, found, now, alive);
        _store = MqttStore.Open(old.Path);
        _store.NumberFrom(old);
        return repaired;
    }

    public void GiveBack() => _store.GiveBack();

    public void Publish() => Advanced?.Invoke();

    public void Dispose()
    {
        _store.Dispose();
        _groups.Dispose();
    }

    private void Swap()
    {
        _groups.EnterWriteLock();
        lock (_gate)
        {
            (_open, _taken) = (_taken, _open);
            (_takenLast, _takenBytes, _openBytes) = (_last, _openBytes, 0);
            // One that grew large in a long commit is not worth clearing at each of the next.
            if (_inserts.Count > InsertsKeptMax) _inserts = [];
            else _inserts.Clear();
        }
        _groups.ExitWriteLock();
    }

    /// <summary>A message that is done with before it was ever written needs no row at all.</summary>
    private bool Cancels(in MqttChange change)
    {
        if (change.Kind == MqttChangeKind.QueueAdd) _inserts[(change.Client, change.Number)] = _open.Count;
        if (change.Kind != MqttChangeKind.QueueRemove || !_inserts.Remove((change.Client, change.Number), out int at)) return false;
        _openBytes -= BytesOf(_open[at]);
        _open[at] = default;
        return true;
    }

    private static int BytesOf(in MqttChange change) => change.Body switch
    {
        Outgoing outgoing when change.Kind == MqttChangeKind.QueueAdd => outgoing.Message.Bytes,
        MqttMessage message => message.Bytes,
        _ => 0,
    };
}

/// <summary>Holds the next commit back until it is disposed.</summary>
internal readonly ref struct JournalGroup(ReaderWriterLockSlim groups)
{
    public void Dispose() => groups.ExitReadLock();
}

/// <summary>One entry of the journal; which members count depends on the kind.</summary>
internal readonly record struct MqttChange(MqttChangeKind Kind, string Client, long Number = 0, object? Body = null);

internal enum MqttChangeKind : byte
{
    /// <summary>Nothing: an entry that was cancelled.</summary>
    None,

    /// <summary>Body: <see cref="SessionRow"/>.</summary>
    SessionKeep,
    SessionEnd,

    /// <summary>Body: <see cref="Subscription"/>.</summary>
    Subscribe,

    /// <summary>Body: the filter.</summary>
    Unsubscribe,

    /// <summary>Body: <see cref="Outgoing"/>, read when it is written: packet id and state may have moved on by then.</summary>
    QueueAdd,
    QueueStep,
    QueueRemove,

    /// <summary>Number: packet id of a QoS 2 message taken in and not released yet.</summary>
    ReceivedAdd,
    ReceivedRemove,

    /// <summary>Body: <see cref="MqttMessage"/>; an empty payload forgets the topic.</summary>
    Retain,
}

/// <summary>A session as it is kept.</summary>
/// <param name="Owner">Who signed in, "" for anonymous: nobody else may take it up.</param>
/// <param name="DisconnectedAtMs">Null while it is connected.</param>
internal sealed record SessionRow(string Client, string Owner, uint ExpirySeconds, long? DisconnectedAtMs);
