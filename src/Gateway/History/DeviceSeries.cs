using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Readings;

namespace Gateway.History;

/// <summary>A device as history sees it: its fields that are numbers, and the rows of it that are not written yet.</summary>
internal sealed class DeviceSeries
{
    private readonly short[] _columnOfSlot;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _columnOfName;

    public DeviceSeries(DeviceRoute route)
    {
        (Index, Id, Prefix) = (route.Index, route.Id, Encoding.UTF8.GetString(route.LinePrefix));
        var fields = route.Profile.Device.Fields;
        _columnOfSlot = new short[fields.Count];
        var names = new List<string>();
        for (int slot = 0; slot < fields.Count; slot++)
        {
            bool isNumber = fields[slot].Type != FieldType.Text;
            _columnOfSlot[slot] = isNumber ? (short)names.Count : (short)-1;
            if (isNumber) names.Add(fields[slot].Name);
        }
        Fields = names;
        _columnOfName = names.Select((n, i) => KeyValuePair.Create(n, i)).ToDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        Open = new OpenRows(names.Count);
    }

    public int Index { get; }

    public string Id { get; }

    /// <summary>How its lines begin in the telemetry store.</summary>
    public string Prefix { get; }

    /// <summary>Names of its columns.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>What came in since the last write. Guarded by the intake's lock.</summary>
    public OpenRows Open { get; private set; }

    private OpenRows? _spare;

    /// <summary>Column of each slot of the profile; −1: a text.</summary>
    public ReadOnlySpan<short> ColumnOfSlot => _columnOfSlot;

    public int ColumnOf(ReadOnlySpan<char> field) => _columnOfName.TryGetValue(field, out int column) ? column : -1;

    /// <summary>Takes the open rows away and begins new ones.</summary>
    public OpenRows TakeOpen()
    {
        var taken = Open;
        (Open, _spare) = (_spare ?? new OpenRows(Fields.Count), null);
        return taken;
    }

    /// <summary>Rows that are written come back for the next turn; after a burst they are let go instead, or every device would keep the most it ever needed.</summary>
    public void GiveBack(OpenRows rows)
    {
        bool fits = rows.Capacity <= 4 * Math.Max(64, rows.Rows);
        rows.Clear();
        if (fits) _spare = rows;
    }
}
