namespace Gateway.Links.Modbus;

/// <summary>Reasons of failures as they stand in counters, frames and answers.</summary>
internal static class FailureWords
{
    private static readonly string[] s_words = [.. Enum.GetNames<ModbusFailure>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    public static string Of(ModbusFailure reason) => s_words[(int)reason];

    /// <summary>Those that happened.</summary>
    public static Dictionary<string, long> Of(long[] counts) =>
        Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0).ToDictionary(i => s_words[i], i => counts[i], StringComparer.Ordinal);
}
