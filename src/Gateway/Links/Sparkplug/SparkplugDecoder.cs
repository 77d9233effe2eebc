using System.Globalization;
using System.Text.Unicode;
using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>
/// Turns the metrics of one payload into readings of one device. Metrics of one time make one reading; historical ones are back-fill at their own time and
/// come first, the live ones follow in order of time.
/// </summary>
/// <remarks>
/// A device sends what changed, so what it does not send is unchanged [tck-id-operational-behavior-data-publish-dbirth-change]: the newest live reading also
/// carries the last good value of the other fields to the engine, or a rule with a delay and the hours of an operator would never see them again.
/// </remarks>
internal sealed class SparkplugDecoder(TextTable texts, IngestBuffer ingest)
{
    private const int TextBytesMax = 256;

    /// <summary>The year 2100: beyond it a device time is nonsense.</summary>
    private const ulong TimeMsMax = 4_102_444_800_000;

    private readonly DecodedMessage _message = new();
    private Entry[] _entries = new Entry[32];
    private int _count;
    private int[] _lastOfSlot = [];
    private int _timeless;

    /// <param name="isBirth">Names and types are the message's own; otherwise they are what the source's birth announced.</param>
    public SparkplugReadings Read(SparkplugSource source, SparkplugPayload payload, bool isBirth, bool retained, long receivedAtMs)
    {
        var route = source.Route!;
        int unknown = Collect(source, route.Profile.Sparkplug!, payload, isBirth);
        _entries.AsSpan(0, _count).Sort();
        int appended = 0;
        for (int from = 0, to; from < _count; from = to)
        {
            for (to = from + 1; to < _count && _entries[to].SameReading(_entries[from]);) to++;
            bool live = _entries[from].IsLive && !retained;
            Fill(route, payload, from, to);
            int sent = _message.SampleCount;
            if (live && to == _count && !isBirth && _message.AnyGood) Complete(source, route, from, to);
            _message.End();
            // A message that only says "all is broken" is no sign of life, whatever the profile takes for one.
            var kind = _message.AnyGood ? route.Profile.Device.Life : ReadingKind.Measurement;
            var flags = (retained ? ReadingFlags.Retained : ReadingFlags.None) | (_entries[from].IsLive ? ReadingFlags.None : ReadingFlags.Backfill);
            if (!ingest.TryAppend(route, _message, kind, flags, receivedAtMs, rest: appended > 0)) return new SparkplugReadings(true, 0, 0, 0);
            if (live) source.Remember(_message.Samples[..sent]);
            appended++;
        }
        return new SparkplugReadings(false, appended, unknown, _timeless);
    }

    /// <returns>How many metrics nobody announced.</returns>
    private int Collect(SparkplugSource source, SparkplugMapping mapping, SparkplugPayload payload, bool isBirth)
    {
        int unknown = 0, expected = 0;
        bool aliasesHold = source.KnowsAliasesOf(payload);
        (_count, _timeless) = (0, 0);
        if (_entries.Length < payload.Metrics.Length) _entries = new Entry[payload.Metrics.Length];
        for (int i = 0; i < payload.Metrics.Length; i++)
        {
            ref readonly var metric = ref payload.Metrics[i];
            int field;
            if (isBirth) field = metric.HasName ? mapping.Find(payload.NameOf(metric), expected) : -1;
            else if (!source.TryFind(mapping, metric, payload.NameOf(metric), expected, out field)) unknown++;
            if (field < 0) continue;
            expected = field + 1;
            ulong at = Sane(metric.TimestampMs) is > 0 and var own ? own : Sane(payload.TimestampMs);
            // What is past and says no time has no place in any record.
            if (metric.IsHistorical && at == 0)
            {
                _timeless++;
                continue;
            }
            var type = isBirth || metric.DataType != SparkplugDataType.Unknown ? metric.DataType : source.TypeOf(field);
            bool believed = metric.Quality == SparkplugMetric.QualityGood && (isBirth || metric.HasName || aliasesHold);
            _entries[_count++] = new Entry(!metric.IsHistorical, (long)at, i, mapping.Fields[field], type, believed);
        }
        return unknown;
    }

    private void Fill(DeviceRoute route, SparkplugPayload payload, int from, int to)
    {
        _message.Begin(route);
        _message.MeasuredAtMs = _entries[from].AtMs;
        if (_lastOfSlot.Length < route.Profile.Device.Fields.Count) _lastOfSlot = new int[route.Profile.Device.Fields.Count];
        // One line has a field once: of two values of one time the later one counts.
        for (int i = from; i < to; i++) _lastOfSlot[_entries[i].Field.Slot] = i;
        for (int i = from; i < to; i++)
            if (_lastOfSlot[_entries[i].Field.Slot] == i) Add(route, payload, _entries[i]);
    }

    private void Add(DeviceRoute route, SparkplugPayload payload, in Entry entry)
    {
        ref readonly var metric = ref payload.Metrics[entry.Metric];
        var (slot, scale, offset) = (entry.Field.Slot, entry.Field.Scale, entry.Field.Offset);
        bool wantsText = route.Profile.Device.Fields[slot].Type == FieldType.Text;
        Span<byte> digits = stackalloc byte[32];
        if (wantsText && entry.Believed && !metric.IsNull && metric.Kind == SparkplugValueKind.Text && entry.Type.IsText() && IsText(payload.TextOf(metric)))
            _message.AddText(slot, payload.TextOf(metric), texts);
        else if (!metric.TryNumber(entry.Type, out double value) || (wantsText && !entry.Believed)) _message.Refuse(slot);
        // An operator's number is a name, not a quantity.
        else if (wantsText && value.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture)) _message.AddText(slot, digits[..written], texts);
        else _message.Add(slot, value * scale + offset, entry.Believed);
    }

    private void Complete(SparkplugSource source, DeviceRoute route, int from, int to)
    {
        for (int slot = 0; slot < route.Profile.Device.Fields.Count; slot++)
        {
            int last = _lastOfSlot[slot];
            bool sent = last >= from && last < to && _entries[last].Field.Slot == slot;
            if (!sent && source.Last(slot) is { } value) _message.Unchanged((ushort)slot, value);
        }
    }

    private static bool IsText(ReadOnlySpan<byte> utf8) => utf8.Length <= TextBytesMax && Utf8.IsValid(utf8);

    private static ulong Sane(ulong ms) => ms < TimeMsMax ? ms : 0;

    /// <param name="Metric">Place in the payload.</param>
    private readonly record struct Entry(bool IsLive, long AtMs, int Metric, SparkplugField Field, SparkplugDataType Type, bool Believed) : IComparable<Entry>
    {
        public bool SameReading(in Entry other) => IsLive == other.IsLive && AtMs == other.AtMs;

        public int CompareTo(Entry other) => (IsLive, AtMs, Metric).CompareTo((other.IsLive, other.AtMs, other.Metric));
    }
}

/// <param name="Full">The first reading found no room: nothing happened.</param>
/// <param name="Count">Readings appended.</param>
/// <param name="Unknown">Metrics that no birth announced.</param>
/// <param name="Timeless">Historical metrics without a time.</param>
internal readonly record struct SparkplugReadings(bool Full, int Count, int Unknown, int Timeless);
