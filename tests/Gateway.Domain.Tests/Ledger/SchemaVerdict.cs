using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Domain.Tests.Ledger;

/// <summary>As much of JSON Schema 2020-12 as the ledger's schema uses; a keyword it does not know is a fault of the test.</summary>
internal sealed class SchemaVerdict(JsonObject root)
{
    private static readonly string[] Words = ["$schema", "$id", "$defs", "title", "description", "then"];

    public bool Accepts(JsonNode? value) => Accepts(root, value);

    private bool Accepts(JsonObject schema, JsonNode? value) => schema.All(k => Words.Contains(k.Key) || Holds(schema, k.Key, k.Value!, value));

    private bool Holds(JsonObject schema, string keyword, JsonNode rule, JsonNode? value) => keyword switch
    {
        "$ref" => Accepts(root["$defs"]![((string)rule!)["#/$defs/".Length..]]!.AsObject(), value),
        "type" => IsA((string)rule!, value),
        "const" => JsonNode.DeepEquals(rule, value),
        "enum" => rule.AsArray().Any(r => JsonNode.DeepEquals(r, value)),
        "pattern" => value?.GetValueKind() != JsonValueKind.String || Regex.IsMatch((string)value!, (string)rule!),
        "minLength" => value?.GetValueKind() != JsonValueKind.String || ((string)value!).Length >= (int)rule,
        "maxLength" => value?.GetValueKind() != JsonValueKind.String || ((string)value!).Length <= (int)rule,
        "minimum" => value?.GetValueKind() != JsonValueKind.Number || (double)value >= (double)rule,
        "maximum" => value?.GetValueKind() != JsonValueKind.Number || (double)value <= (double)rule,
        "items" => value is not JsonArray items || items.All(i => Accepts(rule.AsObject(), i)),
        "uniqueItems" => value is not JsonArray items || !items.Where((a, i) => items.Take(i).Any(b => JsonNode.DeepEquals(a, b))).Any(),
        "properties" => value is not JsonObject o || rule.AsObject().All(p => !o.ContainsKey(p.Key) || Accepts(p.Value!.AsObject(), o[p.Key])),
        "additionalProperties" => value is not JsonObject o || o.All(m => schema["properties"]!.AsObject().ContainsKey(m.Key)),
        "required" => value is not JsonObject o || rule.AsArray().All(r => o.ContainsKey((string)r!)),
        "dependentRequired" => value is not JsonObject o || rule.AsObject().All(d => !o.ContainsKey(d.Key) || d.Value!.AsArray().All(r => o.ContainsKey((string)r!))),
        "allOf" => rule.AsArray().All(r => Accepts(r!.AsObject(), value)),
        "anyOf" => rule.AsArray().Any(r => Accepts(r!.AsObject(), value)),
        "oneOf" => rule.AsArray().Count(r => Accepts(r!.AsObject(), value)) == 1,
        "if" => !Accepts(rule.AsObject(), value) || Accepts(schema["then"]!.AsObject(), value),
        _ => throw new InvalidOperationException($"keyword {keyword} is not known here"),
    };

    private static bool IsA(string type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => (double)value! == Math.Floor((double)value!),
        _ => false,
    };
}
