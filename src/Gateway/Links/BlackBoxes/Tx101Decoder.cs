using System.Buffers.Text;
using Gateway.Decoding;
using Gateway.Decoding.Boxes;
using Gateway.Domain.Readings;
using Gateway.Protocols.Tx101;

namespace Gateway.Links.BlackBoxes;

/// <summary>Turns the content of a TX101 frame into samples through the device's profile.</summary>
internal static class Tx101Decoder
{
    private const byte LimitNumber = 4;

    /// <summary>Main board, screen, fingerprint reader, radio and configuration are no sensors.</summary>
    private static bool IsSensor(byte fault) => fault is not ((>= 0x31 and <= 0x34) or 0x3D);

    /// <param name="past">Told later: it says nothing of what stands now.</param>
    /// <param name="into">Begun by the caller; ended here.</param>
    public static DecodeOutcome Decode(DeviceRoute route, in Tx101Record record, bool past, DecodedMessage into, TextTable texts)
    {
        if (route.Profile.Box is not { } mapping) return DecodeOutcome.NoSuchMapping;
        bool broken = false;
        foreach (var field in mapping.Fields)
        {
            if (!record.TryGet((Tx101Item)field.Item, out var value) || value.State == Tx101SensorState.Absent) continue;
            broken |= value.State == Tx101SensorState.Broken;
            if (field.IsText) Text(field, value.Number, into, texts);
            else if (value.State == Tx101SensorState.Broken) into.Refuse(field.Slot);
            else into.Add(field.Slot, field.Of(value.Number));
        }
        if (mapping.AlarmWord >= 0) Alarms(route, mapping, record, broken, past, into);
        into.End();
        return into.SampleCount > 0 ? DecodeOutcome.Decoded : DecodeOutcome.NoKnownField;
    }

    private static void Text(BoxField field, double number, DecodedMessage into, TextTable texts)
    {
        Span<byte> digits = stackalloc byte[20];
        int length = 0;
        // 0 is how the device says that nobody has put a finger on the reader.
        if (number > 0) _ = Utf8Formatter.TryFormat((long)number, digits, out length);
        into.AddText(field.Slot, GoyoDecoder.LastOf(digits[..length], field.Last), texts);
    }

    private static void Alarms(DeviceRoute route, BoxMapping mapping, in Tx101Record record, bool broken, bool past, DecodedMessage into)
    {
        var alarm = new Said();
        var warning = new Said();
        foreach (var level in mapping.Levels)
            if (record.TryGet((Tx101Item)level.Item, out var value) && value.State == Tx101SensorState.Working) Level(level, value.Level, ref alarm, ref warning);
        foreach (var bits in mapping.Bits)
        {
            if (!record.TryGet((Tx101Item)bits.Item, out var value)) continue;
            ref var said = ref (bits.Word == mapping.WarnWord ? ref warning : ref alarm);
            said.Spoken |= bits.Mask;
            said.Raised |= bits.Of((ulong)value.Number);
        }
        if (alarm.Spoken == 0 && !record.HasAlarms) return;
        alarm.Spoken |= 1L << AlarmBits.Sensor;
        if (broken) alarm.Raised |= 1L << AlarmBits.Sensor;
        if (record.HasAlarms && mapping.Lists is { } lists) Lists(lists, record, ref alarm, ref warning);
        Add(route, mapping, mapping.AlarmWord, alarm, past, into);
        if (mapping.WarnWord >= 0) Add(route, mapping, mapping.WarnWord, warning, past, into);
    }

    private static void Add(DeviceRoute route, BoxMapping mapping, int word, in Said said, bool past, DecodedMessage into)
    {
        if (said.Spoken != 0) into.Add(mapping.Words[word].Slot, past ? said.Raised : route.Alarms.Say(word, said.Spoken, said.Raised, came: 0, went: 0));
    }

    private static void Level(BoxLevel of, Tx101Level level, ref Said alarm, ref Said warning)
    {
        alarm.Spoken |= of.Upper | of.Lower;
        warning.Spoken |= of.Upper | of.Lower;
        switch (level)
        {
            case Tx101Level.Upper: alarm.Raised |= of.Upper; break;
            case Tx101Level.Lower: alarm.Raised |= of.Lower; break;
            case Tx101Level.NearUpper: warning.Raised |= of.Upper; break;
            case Tx101Level.NearLower: warning.Raised |= of.Lower; break;
        }
    }

    /// <summary>The lists are complete: what they could name and do not is over. A list that breaks off denies nothing.</summary>
    private static void Lists(BoxLists lists, in Tx101Record record, ref Said alarm, ref Said warning)
    {
        var reader = record.Alarms;
        while (reader.MoveNext())
        {
            var entry = reader.Current;
            long mask = MaskOf(lists, entry);
            if (entry.Degree == Tx101AlarmDegree.Alarm) alarm.Raised |= mask;
            else if (entry.Degree == Tx101AlarmDegree.Warning) warning.Raised |= mask;
        }
        alarm.Spoken |= reader.IsBroken ? alarm.Raised : lists.Mask;
        warning.Spoken |= reader.IsBroken ? warning.Raised : lists.Mask;
    }

    private static long MaskOf(BoxLists lists, in Tx101AlarmEntry entry)
    {
        if (entry.List == Tx101AlarmList.Fault) return 1L << (IsSensor(entry.Number) ? AlarmBits.Sensor : AlarmBits.Other);
        if (entry is { List: Tx101AlarmList.Alarm, Number: LimitNumber } && entry.Limits != 0)
        {
            long limits = 0;
            for (int i = 0; i < lists.Limits.Length; i++)
                if ((entry.Limits >> i & 1) != 0) limits |= lists.Limits[i];
            return limits;
        }
        long own = entry.List == Tx101AlarmList.Violation && entry.Number < lists.Violations.Length ? lists.Violations[entry.Number] : 0;
        if (own == 0 && entry.Number < lists.Alarms.Length) own = lists.Alarms[entry.Number];
        // What there is no word for is still seen.
        return own == 0 ? 1L << AlarmBits.Other : own;
    }

    private struct Said
    {
        public long Spoken;
        public long Raised;
    }
}
