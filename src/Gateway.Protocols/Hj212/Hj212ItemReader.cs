using System.Text;

namespace Gateway.Protocols.Hj212;

/// <summary>Enumerates the data area value by value: <c>;</c> between items, <c>,</c> inside one; empty places are passed over.</summary>
/// <remarks><b>shape</b> for <c>foreach</c>, allocates nothing. <b>source</b> HJ 212-2017, structure of the data area.</remarks>
public ref struct Hj212ItemReader(ReadOnlySpan<byte> cp)
{
    private ReadOnlySpan<byte> _rest = cp;
    private ReadOnlySpan<byte> _restOfGroup;
    private int _groupIndex = -1;
    private ReadOnlySpan<byte> _factor;
    private Hj212DataFlag _factorFlag;
    private bool _inFactor;

    public Hj212Item Current { get; private set; }

    public readonly Hj212ItemReader GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (!_restOfGroup.IsEmpty)
            {
                var field = Field.Read(TakeUntil(ref _restOfGroup, (byte)','));
                if (field.IsEmpty)
                    continue;
                Current = new Hj212Item
                {
                    Group = _groupIndex,
                    Code = field.Code,
                    Suffix = field.Suffix,
                    SuffixText = field.SuffixText,
                    Value = field.Value,
                    HasValue = field.HasValue,
                    Flag = FlagOf(field),
                };
                return true;
            }
            if (_rest.IsEmpty)
                return false;
            _restOfGroup = TakeUntil(ref _rest, (byte)';');
            _inFactor = false;
            if (!_restOfGroup.Trim((byte)' ').IsEmpty)
                _groupIndex++;
        }
    }

    // The values of one factor stand side by side: one look ahead for each factor keeps the walk linear, whatever a sender invents.
    private Hj212DataFlag FlagOf(in Field field)
    {
        if (_inFactor && Ascii.EqualsIgnoreCase(_factor, field.Code))
            return _factorFlag;
        _inFactor = true;
        _factor = field.Code;
        _factorFlag = Hj212DataFlag.None;
        var next = field;
        for (var rest = _restOfGroup; Ascii.EqualsIgnoreCase(next.Code, _factor); next = Field.Read(TakeUntil(ref rest, (byte)',')))
        {
            if (next.Suffix == Hj212Suffix.Flag)
                return _factorFlag = ToFlag(next.Value);
            if (rest.IsEmpty)
                break;
        }
        return _factorFlag;
    }

    private static Hj212DataFlag ToFlag(ReadOnlySpan<byte> text) => text.Length != 1
        ? text.IsEmpty ? Hj212DataFlag.None : Hj212DataFlag.Other
        : (char)(text[0] & ~0x20) switch
        {
            'N' => Hj212DataFlag.N,
            'F' => Hj212DataFlag.F,
            'M' => Hj212DataFlag.M,
            'S' => Hj212DataFlag.S,
            'D' => Hj212DataFlag.D,
            'C' => Hj212DataFlag.C,
            'T' => Hj212DataFlag.T,
            'B' => Hj212DataFlag.B,
            _ => Hj212DataFlag.Other,
        };

    private static ReadOnlySpan<byte> TakeUntil(scoped ref ReadOnlySpan<byte> rest, byte separator)
    {
        var at = rest.IndexOf(separator);
        var taken = at < 0 ? rest : rest[..at];
        rest = at < 0 ? default : rest[(at + 1)..];
        return taken;
    }

    /// <summary>One field cut at <c>=</c> and at the <c>-</c> of its name; the value may hold both signs.</summary>
    private readonly ref struct Field
    {
        public ReadOnlySpan<byte> Code { get; private init; }
        public ReadOnlySpan<byte> SuffixText { get; private init; }
        public ReadOnlySpan<byte> Value { get; private init; }
        public Hj212Suffix Suffix { get; private init; }
        public bool HasValue { get; private init; }
        public bool IsEmpty => Code.IsEmpty && !HasValue;

        public static Field Read(ReadOnlySpan<byte> text)
        {
            var equals = text.IndexOf((byte)'=');
            var name = (equals < 0 ? text : text[..equals]).Trim((byte)' ');
            var first = name.IndexOf((byte)'-');
            // `LA-Rtd-Rtd` was seen: the code ends at the first sign, the suffix begins after the last.
            var suffix = first < 0 || equals < 0 ? default : name[(name.LastIndexOf((byte)'-') + 1)..];
            return new Field
            {
                Code = first < 0 || equals < 0 ? name : name[..first],
                SuffixText = suffix,
                Suffix = Hj212SuffixNames.Find(suffix),
                Value = equals < 0 ? default : text[(equals + 1)..].Trim((byte)' '),
                HasValue = equals >= 0,
            };
        }
    }
}
