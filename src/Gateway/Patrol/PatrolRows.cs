using System.Text.Json.Serialization;
using Gateway.Domain.Patrol;

namespace Gateway.Patrol;

/// <summary>What somebody saw: body of a row <c>patrol-result</c>. A later one about the same device and day stands in place of an earlier one.</summary>
/// <param name="Result"><c>ok</c> or <c>fault</c>.</param>
public sealed record PatrolResult(DateOnly Day, string Device, string Result, string? Note, string Who)
{
    public const string RowKind = "patrol-result";
    public const string Ok = "ok";
    public const string Fault = "fault";
}

/// <summary>A list as it lies in the chain: body of a row <c>patrol</c>.</summary>
public sealed record PatrolRow(long Seq, long AtMs, PatrolList List)
{
    public const string RowKind = "patrol";

    /// <summary>The row whose hash the seed was made of: the one before.</summary>
    public long HeadSeq => Seq - 1;
}

/// <summary>A result with its row.</summary>
public sealed record PatrolResultRow(long Seq, long AtMs, PatrolResult Result);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PatrolList))]
[JsonSerializable(typeof(PatrolResult))]
internal sealed partial class PatrolJson : JsonSerializerContext;
