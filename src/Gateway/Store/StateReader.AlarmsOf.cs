using System.Text.Json;
using Gateway.Engine.Views;

namespace Gateway.Store;

/// <summary>Alarms about one device.</summary>
public sealed partial class StateReader
{
    /// <summary>Ids of the alarms about a device that were raised between two moments, ms, newest first; at most 100.</summary>
    public IReadOnlyList<string> AlarmsOf(string device, long fromMs, long toMs)
    {
        lock (_gate)
        {
            var ids = new List<string>();
            var rows = Statement("SELECT body FROM alarm WHERE json_extract(CAST(body AS TEXT), '$.subject.kind') = 'device' AND json_extract(CAST(body AS TEXT), '$.subject.id') = ? ORDER BY seq DESC").Bind(1, device);
            while (ids.Count < 100 && rows.Step())
            {
                var alarm = JsonSerializer.Deserialize(rows.Blob(0), ViewJson.Default.AlarmView)!;
                long raisedMs = alarm.RaisedAt.ToUnixTimeMilliseconds();
                if (raisedMs >= fromMs && raisedMs <= toMs) ids.Add(alarm.Id);
            }
            rows.Reset();
            return ids;
        }
    }
}
