using Gateway.Links.Serial;
using Gateway.Protocols.Modbus;

namespace Gateway.Links.Modbus.Scan;

/// <summary>What is tried on a port, in this order.</summary>
/// <param name="Rates">Bits per second; the common ones first, for the scan ends with the first setting at which somebody answers.</param>
/// <param name="Units">Addresses, 1 to 247.</param>
/// <param name="Timeout">How long a unit may take to begin its reply. Default 120 ms: nearly all sensors answer within 50.</param>
/// <param name="Listen">How long is listened before anybody is asked: who speaks by himself must not be talked over.</param>
/// <param name="All">Goes on after the first setting with an answer: units of several rates on one pair are a mistake worth finding.</param>
public sealed record BusScanOptions(string Port, IReadOnlyList<int> Rates, IReadOnlyList<SerialFraming> Framings, IReadOnlyList<byte> Units, TimeSpan Timeout, TimeSpan Listen, bool All)
{
    public static IReadOnlyList<int> UsualRates { get; } = [9600, 4800, 19_200, 115_200, 2400, 38_400];

    /// <summary>One or two stop bits are heard alike; parity is not.</summary>
    public static IReadOnlyList<string> UsualFramings { get; } = ["8N1", "8E1", "8O1"];

    /// <summary>Rate and framing, all of the first framing first: 8N1 at any rate is likelier than parity.</summary>
    public IEnumerable<(int Baud, SerialFraming Framing)> Settings => Framings.SelectMany(framing => Rates.Select(baud => (baud, framing)));

    /// <summary>How long it takes when nobody answers at all.</summary>
    public TimeSpan Longest => Listen + Settings.Aggregate(TimeSpan.Zero, (sum, setting) => sum + OfSetting(setting.Baud, setting.Framing));

    internal TimeSpan OfSetting(int baud, SerialFraming framing)
    {
        var timing = new BusTiming(baud, framing);
        return 2 * Units.Count * (timing.Silence + timing.Transmission(ModbusRequest.ReadSize) + Timeout);
    }
}
