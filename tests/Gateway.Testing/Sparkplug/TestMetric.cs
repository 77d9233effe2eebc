namespace Gateway.Testing.Sparkplug;

/// <summary>One metric as a node would write it; what is null is left out.</summary>
public sealed record TestMetric(string? Name, ulong? Alias = null)
{
    public ulong? AtMs { get; init; }

    /// <summary>Number of the data type.</summary>
    public int? Type { get; init; }

    public bool? Historical { get; init; }

    public bool? IsNull { get; init; }

    public int? Quality { get; init; }

    /// <summary>Writes the member of the oneof.</summary>
    public Action<WireBytes>? Value { get; init; }

    public static TestMetric Int(string? name, uint value, int type = 7) => new(name) { Type = type, Value = w => w.Varint(10, value) };

    public static TestMetric Long(string? name, ulong value, int type = 4) => new(name) { Type = type, Value = w => w.Varint(11, value) };

    public static TestMetric Float(string? name, float value) => new(name) { Type = 9, Value = w => w.Fixed32(12, value) };

    public static TestMetric Double(string? name, double value) => new(name) { Type = 10, Value = w => w.Fixed64(13, value) };

    public static TestMetric Bool(string? name, bool value) => new(name) { Type = 11, Value = w => w.Varint(14, value ? 1UL : 0) };

    public static TestMetric Text(string? name, string value, int type = 12) => new(name) { Type = type, Value = w => w.Text(15, value) };

    public static TestMetric Null(string? name, int type) => new(name) { Type = type, IsNull = true };

    /// <summary>As it stands in a data message: by alias alone, type known from the birth.</summary>
    public TestMetric ByAlias(ulong alias) => this with { Name = null, Alias = alias, Type = null };

    public TestMetric At(long ms) => this with { AtMs = (ulong)ms };

    public byte[] ToBytes()
    {
        var to = new WireBytes();
        if (Name is { } name) to.Text(1, name);
        if (Alias is { } alias) to.Varint(2, alias);
        if (AtMs is { } at) to.Varint(3, at);
        if (Type is { } type) to.Varint(4, (ulong)type);
        if (Historical is { } historical) to.Varint(5, historical ? 1UL : 0);
        if (IsNull is { } isNull) to.Varint(7, isNull ? 1UL : 0);
        if (Quality is { } quality) to.Bytes(9, Properties(("Quality", quality)));
        Value?.Invoke(to);
        return to.ToArray();
    }

    /// <summary>A property set of Int32 values.</summary>
    public static byte[] Properties(params (string Key, int Value)[] properties)
    {
        var to = new WireBytes();
        foreach (var (key, _) in properties) to.Text(1, key);
        foreach (var (_, value) in properties) to.Bytes(2, new WireBytes().Varint(1, 3).Varint(3, (uint)value).ToArray());
        return to.ToArray();
    }
}
