using System.Globalization;

namespace Gateway.Domain.Compliance;

/// <summary>A share of two integers. Always floored: 99.999 % is never shown as 100 %, and nothing of nothing is n/a, not 100 %.</summary>
public readonly record struct Rate(long Numerator, long Denominator)
{
    /// <summary>All of it, and there is something.</summary>
    public bool Met => Denominator > 0 && Numerator >= Denominator;

    /// <summary>Parts per million, floored; null when the denominator is 0.</summary>
    public long? Ppm => Denominator <= 0 ? null : (long)((Int128)Numerator * 1_000_000 / Denominator);

    /// <summary>Percent with three decimals, floored; null when the denominator is 0.</summary>
    public string? Percent
    {
        get
        {
            if (Denominator <= 0) return null;
            long thousandths = (long)((Int128)Numerator * 100_000 / Denominator);
            return string.Create(CultureInfo.InvariantCulture, $"{thousandths / 1000}.{thousandths % 1000:000}");
        }
    }
}
