using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Gateway.Domain.Readings;

namespace Gateway.Decoding.Forms;

/// <summary>Reads a message through a profile's form. Apart from <see cref="JsonDecoder"/>'s own short way, so that devices that need no form do not pay for it; no allocation either.</summary>
/// <remarks>One instance a thread: it owns the scratch of the message being read.</remarks>
internal sealed class FormDecoder(TextTable texts)
{
    private const int PathBytesMax = 256;
    private const int IndexBytesMax = 16;
    private const int TextBytesMax = 256;

    private readonly byte[] _path = new byte[PathBytesMax + IndexBytesMax];
    private WordSaid[] _words = new WordSaid[4];
    private double[] _largest = new double[4];
    private DeviceRoute _route = null!;
    private JsonForm _form = null!;
    private DecodedMessage _into = null!;
    private CivilTime _civil;
    private int _expected;
    private ulong _pairCodes;
    private int _pairWord;
    private bool? _pairRaised;

    /// <summary>Reads the object at which the reader stands; nothing of it is remembered beyond the message until <see cref="Finish"/>.</summary>
    public void Read(ref Utf8JsonReader reader, DeviceRoute route, JsonForm form, DecodedMessage into)
    {
        (_route, _form, _into, _expected, _civil, _pairCodes, _pairRaised) = (route, form, into, 0, default, 0, null);
        if (_words.Length < form.Words.Length) _words = new WordSaid[form.Words.Length];
        if (_largest.Length < form.Largest.Length) _largest = new double[form.Largest.Length];
        _words.AsSpan().Clear();
        _largest.AsSpan().Fill(double.NaN);
        ReadObject(ref reader, 0);
    }

    /// <summary>The message is whole: adds what its members say only together, and remembers what it says of alarms.</summary>
    public void Finish()
    {
        ClosePair();
        for (int i = 0; i < _form.Largest.Length; i++)
            if (!double.IsNaN(_largest[i])) _into.Add(_form.Largest[i], _largest[i]);
        for (int i = 0; i < _form.Words.Length; i++)
        {
            var said = _words[i];
            if (said.Doubtful) _into.Refuse(_form.Words[i].Slot);
            if (said.Spoken != 0 || (said.Came | said.Went) != 0) _into.Add(_form.Words[i].Slot, _route.Alarms.Say(i, said.Spoken, said.Raised, said.Came, said.Went));
            // What comes and goes by single messages is said again with each measurement: a rule's delay passes on samples. By itself it proves nothing.
            else if (_form.Words[i].CodeMasks.Length > 0 && _into.AnyGood && _route.Alarms.Recall(i) is { } standing) _into.Add(_form.Words[i].Slot, standing);
        }
        if (_form.TimeUnitMs == 0 && _civil.UnixMs(_route.Zone) is > 0 and < JsonDecoder.TimeMsMax and var atMs) _into.MeasuredAtMs = atMs;
    }

    private void ReadObject(ref Utf8JsonReader reader, int prefix)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            int length = prefix + name.Length;
            if (length >= PathBytesMax)
            {
                reader.Skip();
                continue;
            }
            name.CopyTo(_path.AsSpan(prefix));
            reader.Read();
            ReadValue(ref reader, length);
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, int length)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _path[length] = (byte)'.';
                ReadObject(ref reader, length + 1);
                break;
            case JsonTokenType.StartArray:
                ReadArray(ref reader, length);
                break;
            case JsonTokenType.Null:
                break;
            default:
                if (Find(_path.AsSpan(0, length)) is { } member) Use(ref reader, member);
                break;
        }
    }

    private void ReadArray(ref Utf8JsonReader reader, int length)
    {
        if (ArrayAt(_path.AsSpan(0, length)) is not { } array)
        {
            reader.Skip();
            return;
        }
        foreach (var source in array.Listed) _words[source.Word].Spoken |= source.Mask;
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            int end = length;
            _path[end++] = (byte)'[';
            if (!array.Each && index.TryFormat(_path.AsSpan(end), out int digits, default, CultureInfo.InvariantCulture)) end += digits;
            _path[end++] = (byte)']';
            if (end < PathBytesMax) ReadValue(ref reader, end);
            else reader.Skip();
            if (array.Each) ClosePair();
        }
    }

    private void Use(ref Utf8JsonReader reader, JsonMember member)
    {
        var token = reader.TokenType;
        Span<byte> unescaped = stackalloc byte[TextBytesMax];
        scoped ReadOnlySpan<byte> text = reader.ValueSpan;
        bool tooLong = token == JsonTokenType.String && text.Length > TextBytesMax;
        if (token == JsonTokenType.String && !tooLong) text = unescaped[..reader.CopyString(unescaped)].Trim((byte)' ');
        foreach (var use in member.Uses)
        {
            switch (use)
            {
                case FieldUse field when tooLong: _into.Refuse(field.Slot); break;
                case FieldUse field: Field(field, token, text); break;
                case AlarmUse alarm when tooLong: _words[alarm.Source.Word].Doubtful = true; break;
                case AlarmUse alarm: Alarm(alarm.Source, text); break;
                case ActionUse action when action.Raised.TryFind(text, out bool raised): _pairRaised = raised; break;
                case TimeUse time: Time(time, token, text); break;
            }
        }
    }

    private void Field(FieldUse use, JsonTokenType token, ReadOnlySpan<byte> text)
    {
        bool nothing = use.Nothing is { } none && none.TryFind(text, out _);
        if (use.Type == FieldType.Text)
        {
            _into.AddText(use.Slot, nothing ? default : LastOf(text, use.Last), texts);
            return;
        }
        // An empty text is how many devices say that they have no such sensor.
        if (nothing || text.IsEmpty) return;
        if (NumberOf(use, token, text) is not { } number)
        {
            _into.Refuse(use.Slot);
            return;
        }
        double value = number * use.Scale + use.Offset;
        bool itself = token == JsonTokenType.Number && use is { Scale: 1, Offset: 0, Values: null, Word: null };
        if (use.Largest < 0) _into.Add(use.Slot, value, itself ? text : default);
        else if (!(Math.Abs(value) <= Math.Abs(_largest[use.Largest]))) _largest[use.Largest] = value;
    }

    private double? NumberOf(FieldUse use, JsonTokenType token, ReadOnlySpan<byte> text)
    {
        if (use.Values is { } values) return values.TryFind(text, out double meant) ? meant : null;
        if (use.Word is { } form) return !BitWord.TryRead(form, text, out ulong word) ? null : use.Bit < 0 ? word : word >> use.Bit & 1;
        if (token is JsonTokenType.True or JsonTokenType.False) return token == JsonTokenType.True ? 1 : 0;
        if (token == JsonTokenType.String && !_form.QuotedNumbers) return null;
        return Utf8Parser.TryParse(text, out double number, out int used) && used == text.Length && double.IsFinite(number) ? number : null;
    }

    private void Alarm(AlarmSource source, ReadOnlySpan<byte> text)
    {
        ref var word = ref _words[source.Word];
        if (text.IsEmpty) return;
        if (source.Bits is { } bits)
        {
            if (!BitWord.TryRead(source.Form, text, out ulong vendor))
            {
                word.Doubtful = true;
                return;
            }
            word.Spoken |= source.Mask;
            for (int bit = 0; bit < bits.Length; bit++)
                if ((vendor >> bit & 1) != 0) word.Raised |= bits[bit];
            return;
        }
        int code = source.Codes!.TryFind(text, out int listed) ? listed : source.CodeMasks.Length - 1;
        if (source.Paired) (_pairCodes, _pairWord) = (_pairCodes | 1UL << code, source.Word);
        else
        {
            word.Spoken |= source.Mask;
            word.Raised |= source.CodeMasks[code];
        }
    }

    /// <summary>Code and action have both been read, in whatever order; without a known action the code says nothing that could be believed.</summary>
    private void ClosePair()
    {
        if (_pairCodes != 0)
        {
            ref var word = ref _words[_pairWord];
            if (_pairRaised == true) (word.Came, word.Went) = (word.Came | _pairCodes, word.Went & ~_pairCodes);
            else if (_pairRaised == false) (word.Came, word.Went) = (word.Came & ~_pairCodes, word.Went | _pairCodes);
            else word.Doubtful = true;
        }
        (_pairCodes, _pairRaised) = (0, null);
    }

    private void Time(TimeUse use, JsonTokenType token, ReadOnlySpan<byte> text)
    {
        int unitMs = _form.TimeUnitMs;
        if (unitMs > 0)
        {
            bool digits = token == JsonTokenType.Number || _form.QuotedNumbers;
            if (digits && Utf8Parser.TryParse(text, out long at, out int used) && used == text.Length && at > 0 && at < JsonDecoder.TimeMsMax / unitMs) _into.MeasuredAtMs = at * unitMs;
            return;
        }
        var read = _civil;
        if (use.IsDate ? read.ReadDay(text) : read.ReadWhole(text)) _civil = read;
        // The same firmware may write both in one member today and the day apart in its next version.
        else if (!use.IsDate && read.ReadTimeOfDay(text)) _civil = read;
    }

    private JsonMember? Find(ReadOnlySpan<byte> path)
    {
        var members = _form.Members;
        if (_expected < members.Length && path.SequenceEqual(members[_expected].Path)) return members[_expected++];
        for (int i = 0; i < members.Length; i++)
        {
            if (!path.SequenceEqual(members[i].Path)) continue;
            _expected = i + 1;
            return members[i];
        }
        return null;
    }

    private JsonArray? ArrayAt(ReadOnlySpan<byte> path)
    {
        foreach (var array in _form.Arrays)
            if (path.SequenceEqual(array.Path)) return array;
        return null;
    }

    /// <summary>The last characters (not bytes) of a text.</summary>
    private static ReadOnlySpan<byte> LastOf(ReadOnlySpan<byte> utf8, int characters)
    {
        if (characters == 0) return utf8;
        int at = utf8.Length;
        while (at > 0 && characters > 0)
            if ((utf8[--at] & 0xC0) != 0x80) characters--;
        return utf8[at..];
    }

    /// <summary>What the message being read says of one word.</summary>
    private struct WordSaid
    {
        public long Spoken;
        public long Raised;
        public ulong Came;
        public ulong Went;
        public bool Doubtful;
    }
}
