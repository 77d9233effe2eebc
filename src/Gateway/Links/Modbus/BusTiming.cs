using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus;

/// <summary>How long things take on a line of this rate.</summary>
/// <remarks><b>Source:</b> MODBUS over Serial Line V1.02, 2.5.1.1 (3.5 characters; 1.75 ms above 19 200 bit/s).</remarks>
internal readonly record struct BusTiming
{
    private const double SilenceCharacters = 3.5;
    private static readonly TimeSpan s_silenceMin = TimeSpan.FromMilliseconds(1.75);

    /// <param name="tcp">Frames have a header that says their length: no silence between them is needed.</param>
    public BusTiming(int baud, SerialFraming framing, bool tcp = false)
    {
        Character = TimeSpan.FromSeconds((double)framing.BitsPerCharacter / baud);
        var silence = Character * SilenceCharacters;
        Silence = tcp ? TimeSpan.Zero : silence > s_silenceMin ? silence : s_silenceMin;
    }

    /// <summary>One character on the wire.</summary>
    public TimeSpan Character { get; }

    /// <summary>What must pass without a byte before a request.</summary>
    public TimeSpan Silence { get; }

    /// <summary>Time on the wire of that many bytes.</summary>
    public TimeSpan Transmission(int bytes) => Character * bytes;

    /// <summary>The longest a request takes from being picked until it has failed by silence.</summary>
    public TimeSpan CostOfSilence(ModbusUnit unit) => Silence + Transmission(ModbusRequest.ReadSize) + unit.ResponseTimeout;

    /// <summary>Bus time of one answered read.</summary>
    /// <param name="delay">From the last bit of the request to the first of the reply.</param>
    public TimeSpan CostOfAnswer(ModbusReadBlock block, TimeSpan delay)
    {
        int data = block.Function <= ModbusFunction.ReadDiscreteInputs ? (block.Count + 7) / 8 : 2 * block.Count;
        return Silence + Transmission(ModbusRequest.ReadSize) + (delay > Silence ? delay : Silence) + Transmission(3 + data + ModbusCrc.Size);
    }
}
