using Gateway.Decoding;

namespace Gateway.Links.BlackBoxes;

/// <summary>The words in counters and rings for frames that became no reading.</summary>
internal static class BoxVerdicts
{
    public static string Of(DecodeOutcome outcome) => outcome switch
    {
        DecodeOutcome.NoSuchMapping => "wrongProfile",
        DecodeOutcome.NoKnownField => "noKnownField",
        _ => "badData",
    };
}
