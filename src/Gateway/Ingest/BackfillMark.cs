namespace Gateway.Ingest;

/// <summary>The field that marks a point its device told later, out of its own memory: it repairs the record, not the online time.</summary>
/// <remarks>It is no part of what a message says: whoever tells the same once more, live or late, tells the same point, with the mark it had.</remarks>
internal static class BackfillMark
{
    /// <summary>As it stands at the end of the field part.</summary>
    public static ReadOnlySpan<byte> Field => ",backfill=1i"u8;

    /// <summary>What a series remembers of a point: its content, and whether it stands there with the mark.</summary>
    public static ulong Content(ulong content, bool marked) => marked ? content ^ 0x9e3779b97f4a7c15 : content;

    /// <summary>The fields as the message had them.</summary>
    public static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> fields, out bool marked)
    {
        marked = fields.EndsWith(Field);
        return marked ? fields[..^Field.Length] : fields;
    }
}
