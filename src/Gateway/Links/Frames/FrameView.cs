using System.Globalization;
using System.Text.Json.Serialization;

namespace Gateway.Links.Frames;

/// <summary>A raw frame as people and files get it.</summary>
/// <param name="Number">Counts up per bus; a hole means that frames went before they were read.</param>
/// <param name="At">Of its last byte, UTC with microseconds.</param>
/// <param name="Direction"><c>rx</c>: from the wire, <c>tx</c>: ours.</param>
/// <param name="Verdict"><c>ok</c>, or what was wrong with it.</param>
/// <param name="Hex">Bytes in pairs, with blanks between them; of a long frame only its beginning.</param>
/// <param name="Length">Bytes on the wire.</param>
public sealed record FrameView(long Number, string At, string Direction, string Verdict, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Device, string Hex, int Length)
{
    public static FrameView Of(RawFrame frame) => new(frame.Number, DateTime.UnixEpoch.AddMicroseconds(frame.AtUs).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        frame.Direction == FrameDirection.Sent ? "tx" : "rx", frame.Verdict, frame.Device, string.Join(' ', frame.Bytes.Select(b => b.ToString("X2", CultureInfo.InvariantCulture))), frame.Length);
}

/// <summary>Frames of one bus or connection.</summary>
public sealed record RingView(string Id, string Protocol, IReadOnlyList<FrameView> Frames);

/// <summary>What went over the wires around one alarm.</summary>
/// <param name="From">Frames from this moment on, as far as the ring still held them.</param>
public sealed record AlarmFrames(string Alarm, string Rule, string Subject, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<RingView> Rings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AlarmFrames))]
public sealed partial class FrameJson : JsonSerializerContext;
