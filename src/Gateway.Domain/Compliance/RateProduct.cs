using System.Globalization;
using System.Numerics;

namespace Gateway.Domain.Compliance;

/// <summary>Two shares multiplied: kept as whole numbers, so that rounding down happens once.</summary>
public readonly record struct RateProduct(Rate A, Rate B)
{
    public BigInteger Numerator => (BigInteger)A.Numerator * B.Numerator;

    /// <summary>0 when either has nothing to be a share of.</summary>
    public BigInteger Denominator => A.Denominator <= 0 || B.Denominator <= 0 ? 0 : (BigInteger)A.Denominator * B.Denominator;

    public bool Met => !Denominator.IsZero && Numerator >= Denominator;

    /// <summary>Parts per million, floored; null when the denominator is 0.</summary>
    public long? Ppm => Denominator.IsZero ? null : (long)(Numerator * 1_000_000 / Denominator);

    /// <summary>Percent with three decimals, floored; null when the denominator is 0.</summary>
    public string? Percent
    {
        get
        {
            if (Denominator.IsZero) return null;
            long thousandths = (long)(Numerator * 100_000 / Denominator);
            return string.Create(CultureInfo.InvariantCulture, $"{thousandths / 1000}.{thousandths % 1000:000}");
        }
    }
}
