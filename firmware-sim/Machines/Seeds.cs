namespace FirmwareSim.Machines;

/// <summary>Gives every machine its own random numbers: adding one does not change the story of the others.</summary>
internal static class Seeds
{
    public static Random For(int seed, string name)
    {
        uint hash = 2166136261;
        foreach (char c in name) hash = (hash ^ c) * 16777619;
        return new Random(unchecked(seed * 397 ^ (int)hash));
    }

    public static double Between(this Random random, double low, double high) => low + ((high - low) * random.NextDouble());

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
