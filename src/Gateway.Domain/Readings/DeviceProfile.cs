using Gateway.Domain.Configuration;

namespace Gateway.Domain.Readings;

/// <summary>What a kind of device measures; how it is read off the wire is the decoder's part of the same file.</summary>
/// <param name="Life">The kind of message that proves the device alive: a measurement for sensors, the heartbeat for a camera.</param>
/// <param name="Measurement">Name of its points in the time-series store.</param>
/// <param name="DeviceTag">Name of the tag that carries the device's id there.</param>
/// <param name="Operator">Slot of the field that names the operator, or −1.</param>
/// <param name="Working">When the machine works, or null where nothing says so.</param>
public sealed record DeviceProfile(
    string Id,
    int Version,
    string Kind,
    LocalText Title,
    ReadingKind Life,
    string Measurement,
    string DeviceTag,
    IReadOnlyList<FieldSpec> Fields,
    int Operator,
    WorkingEvidence? Working)
{
    /// <summary>What the crew should try when a rung of the ladder fails, where this type of device has something of its own to say; else <see cref="DefaultAdvice"/>.</summary>
    public IReadOnlyDictionary<string, LocalText> Advice { get; init; } = new Dictionary<string, LocalText>();

    /// <summary>What its live measurements must look like to be believed; the clock's check is not among them, every device has it.</summary>
    public IReadOnlyList<CheckSpec> Checks { get; init; } = [];

    /// <summary>How far device time may lie from ours, ms.</summary>
    public int ClockSkewMsMax { get; init; } = ClockCheck.SkewMsMaxDefault;
    /// <summary>How long the slots of its data are for which one must have come, s. Default 600: 144 a day, as of HJ 212 minute data.</summary>
    public int QualitySlotSeconds { get; init; } = 600;

    /// <summary>Slot of the named field, −1 when the profile has none.</summary>
    public int SlotOf(string field)
    {
        for (int slot = 0; slot < Fields.Count; slot++)
            if (string.Equals(Fields[slot].Name, field, StringComparison.Ordinal)) return slot;
        return -1;
    }
}

/// <summary>One field: canonical name (DOMAIN §1.3), unit, and the physical range outside which a value is not believed.</summary>
public sealed record FieldSpec(string Name, string Unit, FieldType Type, double Min, double Max);

public enum FieldType : byte { Number, Integer, Text }
