using Gateway.Domain.Compliance;
using Gateway.Domain.Readings;

namespace Gateway.Engine;

/// <summary>For which slots data came: live, replayed, back-filled, each for its own time. Completeness is repaired by what comes late; online time is not.</summary>
public sealed partial class SiteEngine
{
    /// <summary>Data that come later than this repair nothing any more (DOMAIN §5.1: gaps are marked within ten days).</summary>
    public const long DataLateMsMax = 10 * 86_400_000L;

    /// <summary>A datum that lies further ahead is not believed.</summary>
    public const long DataAheadMsMax = 60_000;

    /// <summary>So many devices are looked at each tick: the end of a day must not hold up the readings of thousands.</summary>
    private const int ReviewedMax = 64;

    private readonly HashSet<DataSlots> _dataDirty = [];
    private int _reviewNext;

    /// <summary>Takes up what was kept. Call before anything is judged.</summary>
    /// <param name="from">The first day that counts: before it nobody kept anything.</param>
    public void RestoreData(IEnumerable<DataDayMemory> days, DateOnly from, long nowMs)
    {
        var (first, civil) = (Day(nowMs - DataLateMsMax), new Dictionary<long, CivilDay>());
        foreach (var device in _devices) device.Data?.CloseFrom(from > first ? from : first);
        var known = _devices.Where(d => d.Data is not null).ToDictionary(d => d.Device.Id, d => d.Data!, StringComparer.Ordinal);
        foreach (var device in days.GroupBy(d => d.Device, StringComparer.Ordinal))
        {
            if (!known.TryGetValue(device.Key, out var data)) continue;
            data.Restore([.. device.OrderBy(d => d.DayFromMs).Select(d => new DataSlotDay(new SlotMap(CivilDayOf(d.DayFromMs), d.SlotMs, d.Received, d.Valid))
            {
                Told = d.Told?.Quality, ToldMs = d.Told?.AtMs ?? 0, Changed = true,
            })]);
        }

        // Thousands of devices share a dozen days.
        CivilDay CivilDayOf(long fromMs)
        {
            if (civil.TryGetValue(fromMs, out var day)) return day;
            var date = Day(fromMs);
            return civil[fromMs] = new CivilDay(date, StartOf(date), StartOf(date.AddDays(1)));
        }
    }

    /// <summary>Every day that is not on disk as it is here.</summary>
    public IEnumerable<DataDayMemory> DataToKeep() => _dataDirty.SelectMany(data => data.Days.Where(d => d.Dirty).Select(d => MemoryOf(data, d)));

    /// <summary>All of it must be written again.</summary>
    public void DataIsLost()
    {
        foreach (var data in _devices.Select(d => d.Data).OfType<DataSlots>())
        {
            foreach (var day in data.Days) day.Dirty = true;
            _dataDirty.Add(data);
        }
    }

    /// <summary>What <see cref="DataToKeep"/> named is on disk.</summary>
    public void DataKept()
    {
        foreach (var data in _dataDirty)
            foreach (var day in data.Days) day.Dirty = false;
        _dataDirty.Clear();
    }

    /// <summary>A device that lives by heartbeats owes no measurements.</summary>
    private void BeginData(long nowMs)
    {
        foreach (var device in _devices.Where(d => d.Profile.Life == ReadingKind.Measurement && d.Data is null))
        {
            device.Data = new DataSlots(device.Device.Id, Math.Max(device.Profile.QualitySlotSeconds * 1000L, device.Device.ExpectedMs), _ledger.Site.TimeZone);
            device.Data.CloseFrom(Day(nowMs));
        }
    }

    private void CountDatum(DeviceState device, in Reading reading, bool good)
    {
        if (device.Data is not { } data || (reading.Flags & ReadingFlags.Retained) != 0) return;
        bool aggregate = reading.Kind == ReadingKind.Aggregate;
        if (aggregate ? reading.SpanMinutes * 60_000L > data.SlotMs : reading.Kind != ReadingKind.Measurement) return;
        // What is told later without a time of its own is about nobody knows when. A replayed line has none but its point's.
        bool told = aggregate || (reading.Flags & ReadingFlags.Backfill) != 0;
        if (told && reading.MeasuredAtMs == 0 && (reading.Flags & ReadingFlags.Replayed) == 0) return;
        long atMs = reading.PointAtUs / 1000, lateMs = reading.ReceivedAtMs - atMs;
        if (lateMs is <= DataLateMsMax and >= -DataAheadMsMax && data.Mark(atMs, good)) _dataDirty.Add(data);
    }

    private void ReviewData(long nowMs)
    {
        Action<DataDay> told = day => Output.Transitions.Add(new DataDayCounted(day));
        for (int i = Math.Min(ReviewedMax, _devices.Length); i > 0; i--)
        {
            if (++_reviewNext >= _devices.Length) _reviewNext = 0;
            if (_devices[_reviewNext].Data is not { } data) continue;
            if (data.Review(_timeline.Of(data.Device), nowMs, nowMs - DataLateMsMax - DataAheadMsMax, told)) _dataDirty.Add(data);
        }
    }

    private static DataDayMemory MemoryOf(DataSlots data, DataSlotDay day) => new(data.Device, day.Slots.Day.FromMs, day.Slots.SlotMs, day.Slots.Received.ToArray(), day.Slots.Valid.ToArray(),
        day.Told is { } told ? (day.ToldMs, told) : null);
}
