using System.Diagnostics.CodeAnalysis;

namespace Gateway.Links.Serial;

/// <summary>How a character looks on the wire, written as on every sensor's data sheet: <c>8N1</c>, <c>8E1</c>, <c>7E2</c>.</summary>
public sealed record SerialFraming
{
    private SerialFraming(int dataBits, SerialParity parity, int stopBits)
    {
        DataBits = dataBits;
        Parity = parity;
        StopBits = stopBits;
    }

    /// <summary>What nearly all sensors on site ship with.</summary>
    public static SerialFraming EightNone1 { get; } = new(8, SerialParity.None, 1);

    /// <summary>5 to 8.</summary>
    public int DataBits { get; }

    public SerialParity Parity { get; }

    /// <summary>1 or 2.</summary>
    public int StopBits { get; }

    /// <summary>Bits a character takes on the wire, start bit included: 7 to 12.</summary>
    public int BitsPerCharacter => 1 + DataBits + (Parity == SerialParity.None ? 0 : 1) + StopBits;

    /// <summary>Reads data bits 5 to 8, parity N, E or O in either case, stop bits 1 or 2; nothing else passes.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SerialFraming? framing)
    {
        framing = null;
        if (text is not [var data and >= '5' and <= '8', var parity, var stop and ('1' or '2')])
            return false;

        SerialParity? known = parity switch
        {
            'N' or 'n' => SerialParity.None,
            'E' or 'e' => SerialParity.Even,
            'O' or 'o' => SerialParity.Odd,
            _ => null,
        };
        if (known is not { } found)
            return false;

        framing = new(data - '0', found, stop - '0');
        return true;
    }

    public override string ToString() => $"{DataBits}{Parity.ToString()[0]}{StopBits}";
}
