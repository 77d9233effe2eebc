using Gateway.Decoding.Boxes;
using Gateway.Decoding.Forms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Decoding;

/// <summary>A device profile with its wire side: where on the wire each field stands. One file serves a device type on one or more links.</summary>
/// <param name="Json">How its JSON messages are read, or null.</param>
/// <param name="Modbus">Which registers are polled, or null.</param>
/// <param name="Hj212">Which factor codes are read, or null.</param>
public sealed record WireProfile(DeviceProfile Device, JsonMapping? Json, ModbusMapping? Modbus, Hj212Mapping? Hj212)
{
    /// <summary>Which Sparkplug metrics are read, or null.</summary>
    public SparkplugMapping? Sparkplug { get; init; }

    /// <summary>How a black box's frames are read (GOYO, TX101), or null.</summary>
    public BoxMapping? Box { get; init; }

    /// <summary>The fields that are put together from what single messages say of alarms.</summary>
    public IReadOnlyList<AlarmWord> AlarmWords => Box?.Words ?? Json?.Form?.Words ?? [];

    /// <summary>Messages that go into a series of their own, or null.</summary>
    public RecordSeries? Record { get; init; }

    /// <summary>What an installer must know or confirm with the vendor before trusting the profile; null when there is nothing.</summary>
    public LocalText? Notes { get; init; }

    /// <summary>It reads a vendor's own form, not ours.</summary>
    public bool IsVendorForm => Json is { Form: not null } or { Envelope: { Serial: not null } or { KindMember: not null } };
}

/// <summary>A second series of a device: one point for each finished pile, batch, …</summary>
/// <param name="Suffix">Behind the measurement's name: <c>_pile</c>.</param>
/// <param name="Slot">The field that only such messages have.</param>
public sealed record RecordSeries(string Suffix, ushort Slot);

/// <param name="TimePath">Member that carries device time, or null.</param>
/// <param name="TimeUnitMs">1 for unix milliseconds, 1 000 for seconds.</param>
/// <param name="Fields">In the order in which devices usually send them.</param>
public sealed record JsonMapping(byte[]? TimePath, int TimeUnitMs, JsonField[] Fields)
{
    /// <summary>How its members are read where that takes more than a number for each; then this alone is used. Null for the short way.</summary>
    public JsonForm? Form { get; init; }

    /// <summary>Whose a message is and what kind of message, where topics do not say it.</summary>
    public JsonEnvelope? Envelope { get; init; }
}

/// <param name="Path">Member name in UTF-8, nested members joined with dots.</param>
public sealed record JsonField(byte[] Path, ushort Slot, double Scale, double Offset)
{
    /// <summary>The number's own digits can go into the line as they are.</summary>
    public bool Verbatim => Scale == 1 && Offset == 0;
}

public sealed record Hj212Mapping(IReadOnlyList<Hj212Field> Fields);

/// <param name="Factor">Factor code in UTF-8, compared without case.</param>
public sealed record Hj212Field(byte[] Factor, ushort Slot, double Scale, double Offset);
