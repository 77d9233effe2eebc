namespace FirmwareSim.Machines;

/// <summary>One lift: from where to where, and how much.</summary>
internal readonly record struct CraneJob(
    double FromRadiusM, double FromSlewDeg, double FromHeightM, double ToRadiusM, double ToSlewDeg, double ToHeightM, double LoadT)
{
    /// <summary>
    /// Plans a lift that a careful operator would accept: the load is chosen by the larger radius (62..84 % moment there), and the smaller
    /// radius is at least half of it, so that the moment stays within 30..88 % all the way.
    /// </summary>
    public static CraneJob Plan(Random random, double ratedMomentTm, double travelHeightM)
    {
        double from = random.Between(12, 48);
        double to = random.Between(Math.Max(12, from / 2), Math.Min(48, from * 2));
        double load = random.Between(0.62, 0.84) * ratedMomentTm / Math.Max(from, to);
        return new CraneJob(from, random.Between(20, 340), random.Between(0.5, 2),
            to, random.Between(20, 340), random.Between(8, travelHeightM - 6), load);
    }
}
