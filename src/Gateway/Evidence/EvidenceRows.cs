using System.Text.Json.Serialization;

namespace Gateway.Evidence;

/// <summary>A checkpoint as the journal holds it: describes the row before its own.</summary>
/// <param name="Hash">Of row <paramref name="Seq"/>, hex.</param>
/// <param name="Count">Rows counted up to it.</param>
/// <param name="Reason"><c>hour</c>, <c>first</c> (a chain that has none yet), <c>stopping</c> (while it can still be sent), <c>shutdown</c> (behind the last row).</param>
public sealed record CheckpointRow(string Gateway, long Seq, string Hash, long Count, string Reason);

/// <summary>The wall clock was set while the gateway ran; its own timeline went on evenly.</summary>
/// <param name="StepMs">How far it jumped, ms; positive is forward.</param>
/// <param name="SkewMs">How far it is ahead of the timeline since then, ms.</param>
/// <param name="AnchorMs">How far the timeline itself was moved forward, ms, because the clock had not been set at the start; left out where it was not.</param>
public sealed record ClockRow(long StepMs, long SkewMs, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? AnchorMs = null);

/// <summary>Which program runs.</summary>
/// <param name="Sha256">Of its file, hex.</param>
public sealed record BinaryRow(string Gateway, string Version, string Sha256, long Bytes);
