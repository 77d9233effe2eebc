using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>How long things take on a line of this rate.</summary>
/// <remarks><b>Source:</b> MODBUS over Serial Line V1.02, 2.5.1.1 (3.5 characters; 1.75 ms above 19 200 bit/s).</remarks>
internal readonly record struct BusTiming
{
    private const double SilenceCharacters = 3.5;
    private static readonly TimeSpan s_silenceMin = TimeSpan.FromMilliseconds(1.75);

    public BusTiming(int baud, SerialFraming framing)
    {
        Character = TimeSpan.FromSeconds((double)framing.BitsPerCharacter / baud);
        var silence = Character * SilenceCharacters;
        Silence = silence > s_silenceMin ? silence : s_silenceMin;
    }

    /// <summary>One character on the wire.</summary>
    public TimeSpan Character { get; }

    /// <summary>What must pass without a byte before a request.</summary>
    public TimeSpan Silence { get; }

    /// <summary>Time on the wire of that many bytes.</summary>
    public TimeSpan Transmission(int bytes) => Character * bytes;

    /// <summary>The longest a request takes from being picked until it has failed by silence.</summary>
    public TimeSpan CostOfSilence(ModbusUnit unit) => Silence + Transmission(ModbusRequest.Size) + unit.ResponseTimeout;
}
