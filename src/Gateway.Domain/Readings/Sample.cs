namespace Gateway.Domain.Readings;

/// <summary>One value of one field, as it stands in a batch.</summary>
/// <param name="Slot">Index into <see cref="DeviceProfile.Fields"/> of the device's profile.</param>
/// <param name="Quality">Whether rules may believe it.</param>
/// <param name="Value">In the field's unit; for a text field the number of the text in <see cref="TextTable"/>.</param>
public readonly record struct Sample(ushort Slot, SampleQuality Quality, double Value);

/// <summary>Whether a value may be believed; rules and presence use only <see cref="Good"/>.</summary>
public enum SampleQuality : byte
{
    Good,
    /// <summary>The device itself says so (HJ 212 flag other than N and T).</summary>
    Bad,
    /// <summary>Outside the profile's physical range; kept, never judged.</summary>
    OutOfRange,
}
