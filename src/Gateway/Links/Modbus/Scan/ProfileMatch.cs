using Gateway.Decoding;

namespace Gateway.Links.Modbus.Scan;

/// <summary>Which profiles a unit could be: all their blocks answer, and all their values are believed.</summary>
internal static class ProfileMatch
{
    /// <param name="read">Asks the unit for a block; null when it does not give it.</param>
    public static List<ProfileCandidate> Of(IEnumerable<WireProfile> profiles, Func<ModbusReadBlock, byte[]?> read)
    {
        var answers = new Dictionary<ModbusReadBlock, byte[]?>();
        var candidates = profiles.Select(profile => Match(profile, block => answers.TryGetValue(block, out byte[]? known) ? known : answers[block] = read(block))).OfType<ProfileCandidate>();
        return [.. candidates.OrderByDescending(c => c.Confidence).ThenBy(c => c.Profile, StringComparer.Ordinal)];
    }

    private static ProfileCandidate? Match(WireProfile profile, Func<ModbusReadBlock, byte[]?> read)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var block in profile.Modbus!.Blocks)
        {
            if (read(block) is not { } data) return null;
            foreach (var field in profile.Modbus.Fields.Where(f => f.Function == block.Function && f.Address >= block.Address && f.Address + f.Count <= block.Address + block.Count))
            {
                var spec = profile.Device.Fields[field.Slot];
                if (ModbusDecoder.ValueOf(field, field.Address - block.Address, data) is not { } raw) return null;
                double value = Math.Round((raw * field.Scale) + field.Offset, 6);
                if (value < spec.Min || value > spec.Max) return null;
                values[spec.Name] = value;
            }
        }
        return new ProfileCandidate(profile.Device.Id, Confidence(profile, values), values);
    }

    /// <summary>One register in range is little evidence, fourteen are much; zeroes are in nearly every range.</summary>
    private static double Confidence(WireProfile profile, SortedDictionary<string, double> values)
    {
        int registers = profile.Modbus!.Fields.Sum(f => f.Count);
        double confidence = registers / (registers + 2.0);
        return Math.Round(values.Values.All(v => v == 0) ? confidence / 2 : confidence, 2);
    }
}
