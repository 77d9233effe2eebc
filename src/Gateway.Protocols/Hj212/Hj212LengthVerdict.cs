namespace Gateway.Protocols.Hj212;

/// <summary>How the four-digit length field compares with the data segment that was found.</summary>
public enum Hj212LengthVerdict
{
    /// <summary>The field is the number of bytes of the data segment.</summary>
    Exact,

    /// <summary>The field is smaller than the data segment.</summary>
    DeclaredTooShort,

    /// <summary>The field is larger than the data segment.</summary>
    DeclaredTooLong,
}
