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
    /// <summary>Several devices share the topic and the message does not say which of them it is from.</summary>
    NoSerial,
    /// <summary>The message does not say what kind of message it is, or in a word that the profile does not know.</summary>
    UnknownKind,
    TooManyUnregistered,
    BadFrame,
}
