using System.Text.Json;
using Gateway.Protocols.Goyo;
using Gateway.Protocols.Tx101;

namespace Gateway.Decoding.Boxes;

/// <summary>The names of what frames can say, as profiles write them, and what can be computed from that.</summary>
public static class BoxItems
{
    private const byte FirstComputed = 200;

    /// <summary>Load times radius, t·m; needs fields of those two items in t and m.</summary>
    public const byte Moment = FirstComputed;

    /// <summary><see cref="Moment"/> in percent of the safe moment; not there while that is 0.</summary>
    public const byte MomentPct = FirstComputed + 1;

    /// <summary>The one of the two tilts that is further from zero.</summary>
    public const byte Tilt = FirstComputed + 2;

    /// <summary>The lowest wind speed of the Beaufort level, m/s: no measurement.</summary>
    public const byte WindMin = FirstComputed + 3;

    public static IReadOnlyDictionary<string, byte> Goyo { get; } = new Dictionary<string, byte>(Names<GoyoItem>(), StringComparer.Ordinal)
    {
        ["moment"] = Moment, ["moment_pct"] = MomentPct, ["tilt"] = Tilt, ["wind_min"] = WindMin,
    };

    public static IReadOnlyDictionary<string, byte> Tx101 { get; } = Names<Tx101Item>();

    private static Dictionary<string, byte> Names<TItem>()
        where TItem : struct, Enum => Enum.GetValues<TItem>().Skip(1).ToDictionary(i => JsonNamingPolicy.SnakeCaseLower.ConvertName(i.ToString()), i => Convert.ToByte(i, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
