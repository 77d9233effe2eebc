namespace Gateway.Store;

/// <summary>What the live bus takes from the journal.</summary>
public sealed partial class StateReader
{
    /// <summary>Steps of alarms from that row on, oldest first.</summary>
    public List<(long Seq, byte[] Body)> AlarmSteps(long from, int limit)
    {
        lock (_gate) return Statement("SELECT seq, body FROM journal WHERE kind = 'alarm' AND seq >= ? ORDER BY seq LIMIT ?").Bind(1, from).Bind(2, limit).All(row => (row.Long(0), row.Blob(1).ToArray()));
    }

    /// <summary>Bodies of the open alarms, those that changed longest ago first.</summary>
    public List<byte[]> OpenAlarms()
    {
        lock (_gate) return Statement("SELECT body FROM alarm WHERE open = 1 ORDER BY seq").All(row => row.Blob(0).ToArray());
    }

    /// <summary>Ids of the alarms that closed last.</summary>
    public List<string> ClosedAlarms(int limit)
    {
        lock (_gate) return Statement("SELECT id FROM alarm WHERE open = 0 ORDER BY seq DESC LIMIT ?").Bind(1, limit).All(row => row.Text(0));
    }

    public long Cursor(string target, string lane)
    {
        lock (_gate) return Statement("SELECT next FROM cursor WHERE target = ? AND lane = ?").Bind(1, target).Bind(2, lane).Number();
    }
}
