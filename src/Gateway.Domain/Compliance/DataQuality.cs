namespace Gateway.Domain.Compliance;

/// <summary>How many data of a device were due, came, and are valid. One device-day or several added up.</summary>
/// <param name="Expected">Intervals in which one datum was due (HJ 212 command 2051 every 10 min: 144 a day).</param>
/// <param name="Received">Of those, with at least one datum, whenever it came: history that was sent later repairs completeness.</param>
/// <param name="Valid">Of those, with at least one that is flagged good.</param>
/// <remarks><b>Source</b>: DOMAIN §5.1 and §5.2 (传输有效率 = 数据传输率 × 数据有效率).</remarks>
public readonly record struct DataQuality(long Expected, long Received, long Valid)
{
    /// <summary>传输率: received of expected.</summary>
    public Rate Transmission => new(Received, Expected);

    /// <summary>有效率: valid of expected.</summary>
    public Rate Validity => new(Valid, Expected);

    /// <summary>传输有效率: the product of both, exact until it is rounded once.</summary>
    public RateProduct Effective => new(Transmission, Validity);

    public static DataQuality operator +(DataQuality a, DataQuality b) => new(a.Expected + b.Expected, a.Received + b.Received, a.Valid + b.Valid);

    public static DataQuality Add(DataQuality left, DataQuality right) => left + right;
}

/// <summary>The data of one device on one civil day.</summary>
/// <param name="Seq">Its row of the chain; 0: none says it.</param>
public sealed record DataDay(string Device, DateOnly Date, DataQuality Quality, long Seq = 0);
