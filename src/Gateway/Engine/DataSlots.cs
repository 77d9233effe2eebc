using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;

namespace Gateway.Engine;

/// <summary>For which slots of the last days data of one device came, and what the chain has been told of those that are over.</summary>
/// <param name="slotMs">Length of the slots of days that have not begun yet, ms.</param>
/// <param name="zone">The site's: where its days begin.</param>
internal sealed class DataSlots(string device, long slotMs, TimeZoneInfo zone)
{
    /// <summary>A day is counted so long after its end: what was under way at midnight has come by then.</summary>
    public const long CloseAfterMs = 10 * 60_000;

    /// <summary>Data of a day that is over are told of again at most this often.</summary>
    public const long AgainAfterMs = 3_600_000;

    private readonly List<DataSlotDay> _days = [];
    private DataSlotDay? _last;
    private DateOnly _closing;
    private long _closeDueMs;

    public string Device { get; } = device;

    public long SlotMs { get; } = slotMs;

    /// <summary>By their date.</summary>
    public IReadOnlyList<DataSlotDay> Days => _days;

    /// <summary>The first day that counts: before it nobody listened, or it is told.</summary>
    public void CloseFrom(DateOnly date) => (_closing, _closeDueMs) = (date, CivilDays.StartOf(date.AddDays(1), zone) + CloseAfterMs);

    /// <summary>Takes up days as they were kept, by their date. However long nobody was there: a day that was begun is counted, and all that follow.</summary>
    public void Restore(IReadOnlyList<DataSlotDay> days)
    {
        _days.AddRange(days);
        CloseFrom(days.LastOrDefault(d => d.Told is not null) is { } told ? told.Slots.Day.Date.AddDays(1) : days[0].Slots.Day.Date);
    }

    /// <summary>Takes a datum.</summary>
    /// <returns>True when it says something new.</returns>
    public bool Mark(long atMs, bool good)
    {
        if (_last is not { } day || atMs < day.Slots.Day.FromMs || atMs >= day.Slots.Day.ToMs)
        {
            if ((day = Find(atMs)) is null) return false;
            _last = day;
        }
        if (!day.Slots.Mark(atMs, good)) return false;
        day.Changed = day.Dirty = true;
        return true;
    }

    /// <summary>Something else than data changed what was due.</summary>
    public void Recount()
    {
        foreach (var day in _days) day.Changed = true;
    }

    /// <summary>Counts days that are over for the first time, and those that changed since, and forgets those too old for any datum.</summary>
    /// <param name="spans">Of the device, as its lifecycle is known now.</param>
    /// <param name="oldestMs">Data of before are not taken.</param>
    /// <param name="told">Told of each count that the chain does not have yet.</param>
    /// <returns>True when something must be kept.</returns>
    public bool Review(IReadOnlyList<LifecycleSpan> spans, long nowMs, long oldestMs, Action<DataDay> told)
    {
        bool any = false;
        for (; nowMs >= _closeDueMs; CloseFrom(_closing.AddDays(1))) any |= Tell(DayOf(_closing), spans, nowMs, told);
        foreach (var day in _days)
            if (day is { Changed: true, Told: not null } && nowMs - day.ToldMs >= AgainAfterMs) any |= Tell(day, spans, nowMs, told);
        if (_days.Count > 0 && _days[0].Slots.Day.ToMs < oldestMs) Forget(oldestMs);
        return any;
    }

    private void Forget(long oldestMs) => _days.RemoveAll(d => d is { Dirty: false, Told: not null } && d.Slots.Day.ToMs < oldestMs);

    private bool Tell(DataSlotDay day, IReadOnlyList<LifecycleSpan> spans, long nowMs, Action<DataDay> told)
    {
        day.Changed = false;
        var quality = day.Slots.Count(spans);
        if (day.Told == quality) return false;
        // Where nothing ever was due there is nothing to tell.
        if (quality != default || day.Told is not null) told(new DataDay(Device, day.Slots.Day.Date, quality));
        (day.Told, day.ToldMs, day.Dirty) = (quality, nowMs, true);
        return true;
    }

    private DataSlotDay? Find(long atMs)
    {
        foreach (var day in _days)
            if (atMs >= day.Slots.Day.FromMs && atMs < day.Slots.Day.ToMs) return day;
        var date = CivilDays.DateOf(atMs, zone);
        // It is over and not kept any more, or from before anybody listened.
        return date < _closing ? null : DayOf(date);
    }

    private DataSlotDay DayOf(DateOnly date)
    {
        if (_days.Find(d => d.Slots.Day.Date == date) is { } known) return known;
        var made = new DataSlotDay(new SlotMap(CivilDays.Between(date, date, zone)[0], SlotMs));
        _days.Add(made);
        _days.Sort((a, b) => a.Slots.Day.FromMs.CompareTo(b.Slots.Day.FromMs));
        return made;
    }
}

/// <summary>One civil day of a device's data.</summary>
internal sealed class DataSlotDay(SlotMap slots)
{
    public SlotMap Slots { get; } = slots;

    /// <summary>What the newest row of the chain says of it; null: it is not over, or not counted yet.</summary>
    public DataQuality? Told { get; set; }

    public long ToldMs { get; set; }

    /// <summary>It may count otherwise than it was told.</summary>
    public bool Changed { get; set; }

    /// <summary>It is not on disk as it is here.</summary>
    public bool Dirty { get; set; }
}

/// <summary>A day of data as the store keeps it.</summary>
/// <param name="Told">What the chain was told last, and when; null: nothing yet.</param>
public sealed record DataDayMemory(string Device, long DayFromMs, long SlotMs, byte[] Received, byte[] Valid, (long AtMs, DataQuality Quality)? Told);
