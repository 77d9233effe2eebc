using System.Buffers;
using System.Buffers.Binary;
using Gateway.Domain.Readings;
using Gateway.Protocols.LineProtocol;

namespace Gateway.Decoding;

/// <summary>
/// What a decoder makes of one message: samples for the engine and the field part of its line for the store. Reused by the thread that decodes:
/// valid until the next <see cref="Begin"/>, no allocation per message.
/// </summary>
public sealed class DecodedMessage
{
    private readonly ArrayBufferWriter<byte> _fields = new(1024);
    private Sample[] _samples = new Sample[32];
    private DeviceRoute _route = null!;
    private int _bad;

    public ReadOnlySpan<Sample> Samples => _samples.AsSpan(0, SampleCount);

    public int SampleCount { get; private set; }

    /// <summary><c>name=value,…</c> as it goes into the line; empty when nothing could be believed.</summary>
    public ReadOnlySpan<byte> Fields => _fields.WrittenSpan;

    /// <summary>What the device says, ms of Unix time; 0 when it says nothing.</summary>
    public long MeasuredAtMs { get; set; }

    /// <summary>Length of the interval it is a mean of, minutes; 0: it is none.</summary>
    public ushort SpanMinutes { get; set; }

    public bool AnyGood { get; private set; }

    public void Begin(DeviceRoute route)
    {
        _route = route;
        _fields.ResetWrittenCount();
        (SampleCount, _bad, MeasuredAtMs, SpanMinutes, AnyGood) = (0, 0, 0, 0, false);
    }

    /// <summary>A number in the field's unit. Outside the physical range it is kept for the console, never judged and not stored as a value.</summary>
    public void Add(ushort slot, double value, bool believed = true) => Add(slot, value, default, believed);

    /// <summary>A number whose own digits (JSON grammar) go into the line as they are.</summary>
    public void Add(ushort slot, double value, ReadOnlySpan<byte> digits, bool believed = true)
    {
        var field = _route.Profile.Device.Fields[slot];
        var quality = !believed ? SampleQuality.Bad : value >= field.Min && value <= field.Max ? SampleQuality.Good : SampleQuality.OutOfRange;
        Sample(slot, quality, value);
        if (quality != SampleQuality.Good) return;
        if (!digits.IsEmpty && field.Type != FieldType.Integer)
        {
            Digits(slot, digits);
            return;
        }
        Name(slot);
        if (field.Type == FieldType.Integer) LineWriter.Integer(_fields, (long)value);
        else LineWriter.Number(_fields, value);
    }

    public void AddText(ushort slot, ReadOnlySpan<byte> utf8, TextTable texts)
    {
        Sample(slot, SampleQuality.Good, texts.NumberOf(utf8));
        Name(slot);
        LineWriter.QuotedText(_fields, utf8);
    }

    /// <summary>A good value that the device says is unchanged by not sending it (report by exception): judged again, not stored again.</summary>
    public void Unchanged(ushort slot, double value) => Sample(slot, SampleQuality.Good, value);

    /// <summary>A value of a type that its field cannot be: counted, shown as bad, never judged or stored.</summary>
    public void Refuse(ushort slot) => Sample(slot, SampleQuality.Bad, double.NaN);

    /// <summary>Closes the message: how many values were not believed becomes a field, so that their absence in the store has a number.</summary>
    public void End()
    {
        if (_bad == 0) return;
        _fields.Write(_fields.WrittenCount == 0 ? "bad_fields="u8 : ",bad_fields="u8);
        LineWriter.Integer(_fields, _bad);
    }

    /// <summary>Tells this content from another of the same device and time; the same for a message that is delivered twice.</summary>
    public ulong ContentHash() => Hash(Fields);

    internal static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong h = 14695981039346656037;
        for (; bytes.Length >= 8; bytes = bytes[8..]) h = (h ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0xff51afd7ed558ccd;
        foreach (byte b in bytes) h = (h ^ b) * 1099511628211;
        return h ^ h >> 32;
    }

    private void Sample(ushort slot, SampleQuality quality, double value)
    {
        if (SampleCount == _samples.Length) Array.Resize(ref _samples, 2 * _samples.Length);
        _samples[SampleCount++] = new Sample(slot, quality, value);
        if (quality == SampleQuality.Good) AnyGood = true;
        else _bad++;
    }

    private void Name(ushort slot) => _fields.Write(NameOf(slot));

    /// <summary>Name and value in one step: nearly every field comes this way.</summary>
    private void Digits(ushort slot, ReadOnlySpan<byte> digits)
    {
        var name = NameOf(slot);
        var to = _fields.GetSpan(name.Length + digits.Length);
        name.CopyTo(to);
        digits.CopyTo(to[name.Length..]);
        _fields.Advance(name.Length + digits.Length);
    }

    /// <summary><c>,name=</c>, for the first field without the comma.</summary>
    private ReadOnlySpan<byte> NameOf(ushort slot)
    {
        var name = _route.FieldNames[slot].AsSpan();
        return _fields.WrittenCount == 0 ? name[1..] : name;
    }
}
