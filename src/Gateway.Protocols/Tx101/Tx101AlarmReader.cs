namespace Gateway.Protocols.Tx101;

/// <summary>Goes through the lists of an alarm frame: what stands, what was violated, what is broken.</summary>
/// <remarks>
/// <b>shape</b> status byte (bit 0 alarms, 1 violations, 2 faults); for each a count and entries: a number and, except for faults, what it says of itself. <b>errors</b> lists that end in the
/// middle of an entry, or name one whose length nobody knows, stop there: <see cref="IsBroken"/>. <b>source</b> the firmware named in FORMAT.md.
/// </remarks>
public ref struct Tx101AlarmReader
{
    private const byte Collision = 1;
    private const byte Limit = 4;
    private const int Lists = 3;

    private ReadOnlySpan<byte> _rest;
    private readonly byte _status;
    private int _list = -1;
    private int _left;

    internal Tx101AlarmReader(ReadOnlySpan<byte> fromStatus)
    {
        _status = fromStatus.IsEmpty ? (byte)0 : fromStatus[0];
        _rest = fromStatus.IsEmpty ? [] : fromStatus[1..];
    }

    public Tx101AlarmEntry Current { get; private set; }

    /// <summary>The lists did not add up; what came before is good.</summary>
    public bool IsBroken { get; private set; }

    public readonly Tx101AlarmReader GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_left == 0)
        {
            if (++_list >= Lists) return false;
            if ((_status >> _list & 1) == 0) continue;
            if (_rest.IsEmpty) return Stop();
            _left = _rest[0];
            _rest = _rest[1..];
        }
        if (_rest.IsEmpty) return Stop();
        var list = (Tx101AlarmList)_list;
        int bytes = BytesOf(list, _rest[0]);
        if (_rest.Length < 1 + bytes) return Stop();
        Current = new Tx101AlarmEntry(list, _rest[0], DegreeOf(list, _rest.Slice(1, bytes)), list == Tx101AlarmList.Alarm && _rest[0] == Limit ? LimitsOf(_rest.Slice(1, bytes)) : (byte)0);
        _rest = _rest[(1 + bytes)..];
        _left--;
        return true;
    }

    private bool Stop()
    {
        (IsBroken, _left, _list) = (true, 0, Lists);
        return false;
    }

    private static int BytesOf(Tx101AlarmList list, byte number) => (list, number) switch
    {
        (Tx101AlarmList.Fault, _) => 0,
        (_, Collision) => 2,
        (Tx101AlarmList.Alarm, Limit) => 3,
        _ => 1,
    };

    /// <summary>Two bits each: 1 near, 2 there. An entry that is listed without any is listed for being over.</summary>
    private static Tx101AlarmDegree DegreeOf(Tx101AlarmList list, ReadOnlySpan<byte> says)
    {
        if (list == Tx101AlarmList.Fault) return Tx101AlarmDegree.Alarm;
        bool near = false;
        foreach (byte b in says)
        {
            if ((b & 0xAA) != 0) return Tx101AlarmDegree.Alarm;
            near |= b != 0;
        }
        return near ? Tx101AlarmDegree.Warning : Tx101AlarmDegree.None;
    }

    /// <summary>The alarms, not the warnings, of the limits: down, up, right, left, in, out, behind, ahead from bit 0.</summary>
    private static byte LimitsOf(ReadOnlySpan<byte> says)
    {
        int bits = Pairs(says[0]) | Pairs((byte)(says[1] >> 4)) << 4 | Pairs((byte)(says[2] & 15)) << 6;
        return (byte)bits;
    }

    private static int Pairs(byte b) => b >> 1 & 1 | (b >> 3 & 1) << 1 | (b >> 5 & 1) << 2 | (b >> 7 & 1) << 3;
}

/// <param name="Number">Of alarms and violations: 1 collision, 2 zone, 3 obstacle, 4 limit, 5 load, 6 moment, 7 wind, 8 tilt, 9 travel (violation: identity), 10 door, 11 people, 32 valve, 33 platform.</param>
/// <param name="Limits">Of alarm 4, which limits: down, up, right, left, in, out, behind, ahead from bit 0; else 0.</param>
public readonly record struct Tx101AlarmEntry(Tx101AlarmList List, byte Number, Tx101AlarmDegree Degree, byte Limits);

public enum Tx101AlarmList : byte { Alarm, Violation, Fault }

public enum Tx101AlarmDegree : byte { None, Warning, Alarm }
