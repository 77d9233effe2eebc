namespace Gateway.Links.Modbus;

/// <summary>Refuses options with which a bus could not work; all of it is checked before by whoever read the configuration.</summary>
internal static class ModbusBusCheck
{
    private const int BaudMin = 300;
    private const int BaudMax = 4_000_000;

    public static void Check(ModbusBusOptions options)
    {
        if (options.Baud is < BaudMin or > BaudMax)
            throw Wrong(options, $"expected a rate of {BaudMin} to {BaudMax} bit/s, found {options.Baud}");
        if (options.Framing.DataBits != 8)
            throw Wrong(options, $"expected eight data bits for Modbus RTU, found {options.Framing}");

        var addresses = new HashSet<byte>();
        foreach (var unit in options.Units)
        {
            if (!addresses.Add(unit.Address))
                throw Wrong(options, $"unit {unit.Address} is there twice, the second time as {unit.DeviceId}");
            if (unit.Period <= TimeSpan.Zero || unit.ResponseTimeout <= TimeSpan.Zero)
                throw Wrong(options, $"{unit.DeviceId}: expected a period and a response time-out above 0");
            if (unit.Blocks.Count == 0)
                throw Wrong(options, $"{unit.DeviceId}: expected at least one block to read");
        }
    }

    private static ArgumentException Wrong(ModbusBusOptions options, string what) =>
        new($"bus {options.BusId}: {what}", nameof(options));
}
