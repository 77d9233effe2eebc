using Gateway.Domain.Compliance;
using Gateway.Engine;

namespace Gateway.Store;

/// <summary>For which slots of the last days data came, and what the chain was told of each day.</summary>
public sealed partial class StateStore
{
    public void KeepDataDay(DataDayMemory day)
    {
        var told = day.Told;
        Statement("""
            INSERT INTO data_day(device, day_from_ms, slot_ms, received, valid, told_ms, told_expected, told_received, told_valid) VALUES(?,?,?,?,?,?,?,?,?)
            ON CONFLICT(device, day_from_ms) DO UPDATE SET slot_ms = excluded.slot_ms, received = excluded.received, valid = excluded.valid,
                told_ms = excluded.told_ms, told_expected = excluded.told_expected, told_received = excluded.told_received, told_valid = excluded.told_valid
            """).Bind(1, day.Device).Bind(2, day.DayFromMs).Bind(3, day.SlotMs).Bind(4, day.Received.AsSpan()).Bind(5, day.Valid.AsSpan())
            .Bind(6, told?.AtMs).Bind(7, told?.Quality.Expected).Bind(8, told?.Quality.Received).Bind(9, told?.Quality.Valid).Run();
    }

    /// <summary>Days that began before a moment; the newest of each device that the chain was told of stays: the days behind it are still to be counted.</summary>
    public void RemoveDataDays(long beforeMs) => Statement("""
        DELETE FROM data_day WHERE day_from_ms < ? AND day_from_ms < (SELECT max(newer.day_from_ms) FROM data_day newer WHERE newer.device = data_day.device AND newer.told_ms IS NOT NULL)
        """).Bind(1, beforeMs).Run();

    public IReadOnlyList<DataDayMemory> DataDays()
    {
        using var rows = _db.Prepare("SELECT device, day_from_ms, slot_ms, received, valid, told_ms, told_expected, told_received, told_valid FROM data_day");
        return rows.All(r => new DataDayMemory(r.Text(0), r.Long(1), r.Long(2), r.Blob(3).ToArray(), r.Blob(4).ToArray(),
            r.IsNull(5) ? null : (r.Long(5), new DataQuality(r.Long(6), r.Long(7), r.Long(8)))));
    }
}
