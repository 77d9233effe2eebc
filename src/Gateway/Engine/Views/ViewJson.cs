using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Diagnostics.Boot;
using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;
using Gateway.Evidence;

namespace Gateway.Engine.Views;

/// <summary>The one JSON form of everything the engine shows: journal, event stream and API use the same bytes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(InstantJson), typeof(ValueViewJson), typeof(CamelEnum<AlarmState>), typeof(CamelEnum<Severity>), typeof(CamelEnum<SubjectKind>), typeof(CamelEnum<PresenceState>), typeof(CamelEnum<SampleQuality>), typeof(CamelEnum<LastEnd>)])]
[JsonSerializable(typeof(AlarmView))]
[JsonSerializable(typeof(PresenceEvent))]
[JsonSerializable(typeof(IntervalRow))]
[JsonSerializable(typeof(BootRow))]
[JsonSerializable(typeof(ShutdownRow))]
[JsonSerializable(typeof(GapRow))]
[JsonSerializable(typeof(DamageRow))]
[JsonSerializable(typeof(AuditRow))]
[JsonSerializable(typeof(CheckpointRow))]
[JsonSerializable(typeof(ClockRow))]
[JsonSerializable(typeof(BinaryRow))]
[JsonSerializable(typeof(SiteView))]
[JsonSerializable(typeof(IReadOnlyList<AlarmView>))]
[JsonSerializable(typeof(IReadOnlyList<DeviceView>))]
[JsonSerializable(typeof(IReadOnlyList<UnregisteredView>))]
public sealed partial class ViewJson : JsonSerializerContext;

/// <summary>RFC 3339 in UTC with milliseconds, always the same width.</summary>
public sealed class InstantJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out int length, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}

public sealed class CamelEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase) where T : struct, Enum;

/// <summary>A value is one JSON member, number or text, whichever the field is.</summary>
public sealed class ValueViewJson : JsonConverter<ValueView>
{
    public override ValueView Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("values are only written");

    public override void Write(Utf8JsonWriter writer, ValueView value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("field"u8, value.Field);
        writer.WriteString("unit"u8, value.Unit);
        // A device may say 1e999, a register NaN; JSON cannot.
        if (value.Number is { } number && double.IsFinite(number)) writer.WriteNumber("value"u8, number);
        else writer.WriteString("value"u8, value.Text);
        writer.WriteString("quality"u8, value.Quality switch { SampleQuality.Good => "good", SampleQuality.Bad => "bad", _ => "outOfRange" });
        if (value.ReceivedAt is { } at) writer.WriteString("receivedAt"u8, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        else writer.WriteNull("receivedAt"u8);
        writer.WriteEndObject();
    }
}
