using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.History.Blocks;
using Gateway.Ingest;

namespace Gateway.History;

/// <summary>
/// Where committed readings enter history: on the engine's thread, copied into the open rows of their devices. Nothing here waits for a disk; where rows cannot be kept they are let go, and
/// read again from the telemetry store when there is room.
/// </summary>
/// <remarks><b>Threading</b>: <see cref="ICommittedReadings.Take"/> on the engine's thread, the rest on any; one short lock a batch.</remarks>
internal sealed class HistoryIntake : ICommittedReadings
{
    /// <summary>Beyond this what is open is written although its time has not come, bytes.</summary>
    public const long FlushBytes = 8 * 1024 * 1024;

    /// <summary>What open rows may take while a disk is slow or refuses, bytes.</summary>
    public const long BytesMax = 32 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly DeviceDirectory _directory;
    // By index; null where a stranger has it, or somebody who was not heard since he got it.
    private DeviceSeries?[] _devices;
    private readonly List<DeviceSeries> _dirty = [];
    private readonly Action _wake;
    private int _version;
    private bool _taking;
    private long _fromLine = -1;
    private long _nextLine = -1;
    private long _bytes;
    private long _generation = 1;
    private Flight? _flight;

    /// <param name="wake">Called when more is open than <see cref="FlushBytes"/>; must not block.</param>
    public HistoryIntake(DeviceDirectory directory, Action wake)
    {
        (_directory, _devices) = (directory, []);
        Follow();
        _wake = wake;
    }

    /// <summary>The series behind the index of a device that is or was registered.</summary>
    public DeviceSeries At(int index)
    {
        lock (_gate)
        {
            Follow();
            return _devices[index]!;
        }
    }

    /// <summary>The series of all devices of the ledger in force, and of those that left since the process began: their lines may still be read again.</summary>
    public IReadOnlyList<DeviceSeries> All()
    {
        lock (_gate)
        {
            Follow();
            return [.. _devices.OfType<DeviceSeries>()];
        }
    }

    public bool WantsFlush => Volatile.Read(ref _bytes) > FlushBytes;

    /// <summary>Readings taken in.</summary>
    public long Taken { get; private set; }

    public void Take(IngestBatch batch, long nextLine)
    {
        lock (_gate)
        {
            if (!_taking) return;
            Follow();
            long first = nextLine - batch.LineCount;
            // Lines we never saw lie between, or there is no room: what is open is let go, and all of it is read from the telemetry store.
            if (_fromLine < 0 || first != _nextLine || _bytes > BytesMax) StartAt(first);
            var (bytes, taken) = (_bytes, Taken);
            foreach (ref readonly var reading in batch.Readings)
            {
                if ((uint)reading.Device >= (uint)_devices.Length || _devices[reading.Device] is not { } device || reading.Kind == ReadingKind.Aggregate) continue;
                if (!TryTake(device, reading, batch.SamplesOf(reading))) continue;
                bytes += device.Open.RowBytes;
                taken++;
            }
            Volatile.Write(ref _bytes, bytes);
            (Taken, _nextLine) = (taken, nextLine);
        }
        if (WantsFlush) _wake();
    }

    /// <summary>Takes rows from the next batch on; the caller reads what comes before it from the telemetry store.</summary>
    public void Join()
    {
        lock (_gate)
        {
            LetGo();
            (_taking, _fromLine) = (true, -1);
        }
    }

    /// <summary>Line from which on rows are open or in flight without a gap; −1 until the first batch.</summary>
    public long FromLine
    {
        get
        {
            lock (_gate) return _fromLine;
        }
    }

    /// <summary>Takes what is open; the same again until it has landed. Null while nothing was taken yet, or when lines before <see cref="FromLine"/> are missing still.</summary>
    /// <param name="frontier">Line up to which everything is written.</param>
    public Flight? Seal(long frontier)
    {
        lock (_gate)
        {
            if (_flight is not null) return _flight;
            if (_fromLine < 0 || _fromLine != frontier) return null;
            _flight = new Flight(_generation++, _nextLine, [.. _dirty.Select(d => (d, d.TakeOpen()))]);
            _fromLine = _nextLine;
            _dirty.Clear();
            Volatile.Write(ref _bytes, 0);
            return _flight;
        }
    }

    /// <summary>The flight is on disk, or it is given up.</summary>
    public void Landed()
    {
        lock (_gate)
        {
            foreach (var (device, rows) in _flight?.Rows ?? []) device.GiveBack(rows);
            _flight = null;
        }
    }

    /// <summary>Copies of the device's rows that are not on disk, each with the generation it will be written under: whoever reads the disk afterwards leaves out what has been written meanwhile.</summary>
    public IReadOnlyList<(long Generation, OpenRows Rows)> Snapshot(int device)
    {
        var copies = new List<(long, OpenRows)>();
        lock (_gate)
        {
            foreach (var (flying, rows) in _flight?.Rows ?? [])
                if (flying.Index == device) copies.Add((_flight!.Generation, rows.Copy()));
            if (_devices[device] is { Open.Rows: > 0 } open) copies.Add((_generation, open.Open.Copy()));
        }
        return copies;
    }

    /// <summary>Generations go on where the file's ended.</summary>
    public void GenerationsFrom(long generation)
    {
        lock (_gate) _generation = Math.Max(_generation, generation);
    }

    /// <summary>Makes room for the indices that a new ledger gave out.</summary>
    private void Follow()
    {
        int version = _directory.Version;
        if (version == _version) return;
        _version = version;
        var registered = _directory.Registered;
        if (registered.Count > 0) Array.Resize(ref _devices, Math.Max(_devices.Length, registered.Max(r => r.Index) + 1));
        foreach (var route in registered) _devices[route.Index] ??= new DeviceSeries(route);
    }

    private void StartAt(long line)
    {
        LetGo();
        _fromLine = line;
    }

    private void LetGo()
    {
        foreach (var device in _dirty) device.GiveBack(device.TakeOpen());
        _dirty.Clear();
        Volatile.Write(ref _bytes, 0);
    }

    /// <returns>False when the message says nothing that is kept.</returns>
    private bool TryTake(DeviceSeries device, in Reading reading, ReadOnlySpan<Sample> samples)
    {
        var open = device.Open;
        var cells = open.Next();
        var columnOfSlot = device.ColumnOfSlot;
        bool any = false;
        var flags = (reading.Flags & ReadingFlags.Backfill) != 0 ? RowFlags.Backfill : RowFlags.None;
        if ((reading.Flags & ReadingFlags.Retained) != 0) flags |= RowFlags.Retained;
        // Plus 0: a sensor that says −0.0 measures 0, and one −0 would take the whole column its decimals.
        foreach (ref readonly var sample in samples)
        {
            int column = columnOfSlot[sample.Slot];
            if (column < 0) continue;
            any = true;
            if (sample.Quality == SampleQuality.Good && double.IsFinite(sample.Value)) cells[column] = sample.Value + 0.0;
            else flags |= RowFlags.NotBelieved;
        }
        if (!any) return false;
        if (open.Rows == 0) _dirty.Add(device);
        open.Keep(reading.PointAtUs, flags);
        return true;
    }
}

/// <summary>Rows on their way to the disk.</summary>
/// <param name="NextLine">Line up to which everything is written once it has landed.</param>
internal sealed record Flight(long Generation, long NextLine, IReadOnlyList<(DeviceSeries Device, OpenRows Rows)> Rows);
