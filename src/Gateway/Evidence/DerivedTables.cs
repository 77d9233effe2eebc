using System.Text.Json;
using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;
using Gateway.Domain.Presence;
using Gateway.Engine.Views;
using Gateway.Store.Sqlite;

namespace Gateway.Evidence;

/// <summary>Alarms, presence, its intervals and working time must be what the chain last said of them: a table nobody checks is where a forger would write.</summary>
internal sealed class DerivedTables : IDisposable
{
    private readonly SqliteDatabase _db;
    private readonly ChainWalk _walk;
    private readonly SqliteStatement _intervals;
    private readonly DerivedWork _work;
    private readonly Dictionary<string, long> _alarms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _presences = new(StringComparer.Ordinal);
    private bool _anyInterval;

    public DerivedTables(SqliteDatabase db, ChainWalk walk)
    {
        (_db, _walk) = (db, walk);
        _intervals = db.Prepare("SELECT seq, device, state, cause, from_ms, to_ms FROM presence_interval ORDER BY seq");
        _anyInterval = _intervals.Step();
        _work = new DerivedWork(db, (seq, device) => Differs(seq, "work_interval", device), Missing);
    }

    /// <summary>Follows the chain, in its order.</summary>
    public void Take(in ChainRow row)
    {
        if (row.Kind.SequenceEqual("alarm"u8)) Remember(_alarms, row, "id");
        else if (row.Kind.SequenceEqual("presence"u8)) Remember(_presences, row, "device");
        else if (row.Kind.SequenceEqual("interval"u8)) CompareInterval(row);
        else if (row.Kind.SequenceEqual("work"u8)) _work.Take(row);
    }

    public void End()
    {
        while (_anyInterval) Orphan();
        _work.End();
        CompareAlarms();
        ComparePresences();
    }

    public void Dispose()
    {
        _intervals.Dispose();
        _work.Dispose();
    }

    private static void Remember(Dictionary<string, long> newest, in ChainRow row, string key)
    {
        if (TextOf(row.Body, key) is { } id) newest[id] = row.Seq;
    }

    private void CompareInterval(in ChainRow row)
    {
        while (_anyInterval && _intervals.Long(0) < row.Seq) Orphan();
        if (!_anyInterval || _intervals.Long(0) != row.Seq)
        {
            Missing(row.Seq, "presence_interval", $"第 {row.Seq} 行的时段", $"the interval of row {row.Seq}");
            return;
        }
        if (!IsSame(row.Body)) Differs(row.Seq, "presence_interval", _intervals.Text(1));
        _anyInterval = _intervals.Step();
    }

    /// <summary>Read in place: intervals are most of a chain.</summary>
    private bool IsSame(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            int same = 0;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("device"u8)) same += reader.Read() && reader.ValueTextEquals(_intervals.Blob(1)) ? 1 : 0;
                else if (reader.ValueTextEquals("state"u8)) same += reader.Read() && reader.ValueTextEquals(NameOf(_intervals.Long(2))) ? 1 : 0;
                else if (reader.ValueTextEquals("cause"u8)) same += reader.Read() && reader.ValueTextEquals(_intervals.Blob(3)) ? 1 : 0;
                else if (reader.ValueTextEquals("from"u8)) same += reader.Read() && IsAt(reader, _intervals.Long(4)) ? 1 : 0;
                else if (reader.ValueTextEquals("to"u8)) same += reader.Read() && IsAt(reader, _intervals.Long(5)) ? 1 : 0;
                else reader.Skip();
            }
            return same == 5;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsAt(in Utf8JsonReader reader, long ms) => reader.TryGetDateTimeOffset(out var at) && at.ToUnixTimeMilliseconds() == ms;

    private static ReadOnlySpan<byte> NameOf(long state) => (PresenceState)state switch
    {
        PresenceState.Unknown => "unknown"u8, PresenceState.Online => "online"u8, PresenceState.Offline => "offline"u8, PresenceState.NotInService => "notInService"u8, _ => "?"u8,
    };

    /// <summary>An interval in the table that no row of the chain stands for.</summary>
    private void Orphan()
    {
        Missing(_intervals.Long(0), "journal", $"设备 {_intervals.Text(1)} 的时段所指的第 {_intervals.Long(0)} 行", $"row {_intervals.Long(0)}, which an interval of {_intervals.Text(1)} names,");
        _anyInterval = _intervals.Step();
    }

    private void CompareAlarms()
    {
        using var rows = _db.Prepare("SELECT a.id, a.seq, a.number, a.open, a.body, j.kind, j.body FROM alarm a LEFT JOIN journal j ON j.seq = a.seq ORDER BY a.seq");
        while (rows.Step())
        {
            var (id, seq) = (rows.Text(0), rows.Long(1));
            long newest = _alarms.GetValueOrDefault(id);
            _alarms.Remove(id);
            if (rows.IsNull(5))
            {
                Missing(seq, "journal", $"报警 {id} 所指的第 {seq} 行", $"row {seq}, which alarm {id} names,");
                continue;
            }
            var view = Read(rows.Blob(4), ViewJson.Default.AlarmView);
            bool same = rows.Blob(5).SequenceEqual("alarm"u8) && rows.Blob(4).SequenceEqual(rows.Blob(6)) && newest == seq
                && view is not null && view.Id == id && view.Number == rows.Long(2) && rows.Long(3) == (view.State == AlarmState.Normal ? 0 : 1);
            if (!same) Differs(seq, "alarm", id);
        }
        foreach (var (id, seq) in _alarms.OrderBy(a => a.Value)) Missing(seq, "alarm", $"报警 {id}（第 {seq} 行）", $"alarm {id} of row {seq}");
    }

    private void ComparePresences()
    {
        using var rows = _db.Prepare("SELECT device, state, cause FROM presence ORDER BY device");
        using var row = _db.Prepare("SELECT body FROM journal WHERE seq = ?");
        while (rows.Step())
        {
            string device = rows.Text(0);
            if (!_presences.Remove(device, out long seq))
            {
                Missing(0, "journal", $"设备 {device} 的在线状态的来源", $"the row of the presence of {device}");
                continue;
            }
            var journalled = row.Bind(1, seq).Step() ? Read(row.Blob(0), ViewJson.Default.PresenceEvent)?.Presence : null;
            row.Reset();
            if (journalled is null || (long)journalled.State != rows.Long(1) || (journalled.Cause ?? "") != rows.Text(2)) Differs(seq, "presence", device);
        }
        foreach (var (device, seq) in _presences.OrderBy(p => p.Value)) Missing(seq, "presence", $"设备 {device}（第 {seq} 行）", $"{device} of row {seq}");
    }

    private void Differs(long seq, string table, string what) =>
        _walk.Add(new ChainFinding(ChainFault.Derived, seq, seq, new LocalText($"表 {table} 中 {what} 与链的第 {seq} 行不一致", $"table {table}: {what} differs from row {seq} of the chain, or is not its newest step")));

    /// <summary>Where the chain admits a loss, what hung on the lost rows is part of it.</summary>
    private void Missing(long seq, string table, string zh, string en) =>
        _walk.Add(new ChainFinding(ChainFault.Derived, seq, seq, new LocalText($"{zh}在表 {table} 中不存在", $"{en} is not in table {table}"), _walk.AnyLossDeclared));

    private static T? Read<T>(ReadOnlySpan<byte> body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        // An altered body may be anything; the walk has named it, here it just equals nothing.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A text member of the body; it is the first one where the gateway wrote it.</summary>
    private static string? TextOf(ReadOnlySpan<byte> body, string name)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool found = reader.ValueTextEquals(name);
                reader.Read();
                if (found) return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
            return null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
