using System.Globalization;

namespace Gateway.Bureau.Reports;

/// <summary>What is needed of the values of one factor over one interval: it can be added to later, and written down as text.</summary>
internal sealed class FactorSums(FactorMean mean)
{
    private double _first;
    private double _second;

    public int Count { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    /// <summary>Means the device had computed itself; they count where there is no value of ours.</summary>
    public FactorSums? Told { get; private set; }

    /// <summary>Means that were added as such and had too few values behind them.</summary>
    public int Poor { get; private set; }

    public bool Any => Count > 0 || Told is not null;

    public double Mean => Count == 0 ? Told?.Mean ?? double.NaN : mean switch
    {
        FactorMean.Energy => 10 * Math.Log10(_first / Count),
        FactorMean.Direction => (Math.Atan2(_first, _second) * 180 / Math.PI + 360) % 360,
        _ => _first / Count,
    };

    public void Add(double value) => Add(value, value, value);

    /// <summary>The mean of a shorter interval, with its extremes.</summary>
    public void Add(FactorSums shorter, bool poor)
    {
        if (poor) Poor++;
        else Add(shorter.Mean, shorter.Count > 0 ? shorter.Min : shorter.Mean, shorter.Count > 0 ? shorter.Max : shorter.Mean);
    }

    /// <summary>The device told a mean of an interval within this one.</summary>
    public void Tell(double value) => (Told ??= new FactorSums(mean)).Add(value);

    /// <summary><c>count:min:max:first:second</c>, numbers exactly; the same of what was told behind a <c>|</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}:{Min:R}:{Max:R}:{_first:R}:{_second:R}{(Told is null ? "" : "|")}{Told}");

    /// <returns>Null when it is not what <see cref="ToString"/> writes.</returns>
    public static FactorSums? Parse(FactorMean mean, string text)
    {
        if (text.Split('|', 2) is [var own, var told]) return One(mean, own) is { } both ? both.With(One(mean, told)) : null;
        return One(mean, text);
    }

    private static FactorSums? One(FactorMean mean, string text)
    {
        if (text.Split(':') is not [var count, var min, var max, var first, var second] || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int n)) return null;
        var read = new FactorSums(mean) { Count = n };
        bool all = Number(min, out double low) & Number(max, out double high) & Number(first, out read._first) & Number(second, out read._second);
        (read.Min, read.Max) = (low, high);
        return all ? read : null;
    }

    private static bool Number(string text, out double number) => double.TryParse(text, CultureInfo.InvariantCulture, out number);

    private FactorSums With(FactorSums? told)
    {
        Told = told;
        return this;
    }

    private void Add(double value, double min, double max)
    {
        Count++;
        (Min, Max) = (Math.Min(Min, min), Math.Max(Max, max));
        double radians = value * Math.PI / 180;
        _first += mean switch { FactorMean.Energy => Math.Pow(10, value / 10), FactorMean.Direction => Math.Sin(radians), _ => value };
        if (mean == FactorMean.Direction) _second += Math.Cos(radians);
    }
}
