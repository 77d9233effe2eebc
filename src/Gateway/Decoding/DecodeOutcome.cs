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
    /// <summary>MQTT: the client has no right to the topic.</summary>
    NotAllowed,
    /// <summary>MQTT: larger than we read.</summary>
    TooLarge,
    /// <summary>Sparkplug: data of a node or device that has published no birth in this session.</summary>
    BeforeBirth,
    /// <summary>Sparkplug: a name or alias that the birth did not announce.</summary>
    UnknownMetric,
    /// <summary>Sparkplug: it comes after its turn was given up.</summary>
    OutOfOrder,
    /// <summary>Sparkplug: it was there before.</summary>
    Repeated,
    /// <summary>Sparkplug: a death certificate that is not the current session's.</summary>
    StaleDeath,
}
