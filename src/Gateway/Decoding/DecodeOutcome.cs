namespace Gateway.Decoding;

/// <summary>Why a message became no reading: counted by reason, a sample kept; never an exception (the field lied).</summary>
public enum DecodeOutcome : byte
{
    Decoded,
    NotJson,
    NotAnObject,
    NoKnownField,
    NoSuchMapping,
    UnknownTopic,
    TooManyUnregistered,
    BadFrame,
    NotAllowed,
    TooLarge,
}
