namespace Gateway.Ingest;

/// <summary>The field that marks a point its device told later, out of its own memory: it repairs the record, not the online time.</summary>
/// <remarks>It is no part of what a message says: the same message with it and without it is one point.</remarks>
internal static class BackfillMark
{
    /// <summary>As it stands at the end of the field part.</summary>
    public static ReadOnlySpan<byte> Field => ",backfill=1i"u8;

    /// <summary>The fields as the message had them.</summary>
    public static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> fields, out bool marked)
    {
        marked = fields.EndsWith(Field);
        return marked ? fields[..^Field.Length] : fields;
    }
}
