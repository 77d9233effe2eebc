using Gateway.Domain.Configuration;
using Gateway.Domain.Readings;

namespace Gateway.Decoding;

/// <summary>The member <c>advice</c> of a profile: what to try, by failing rung.</summary>
internal static class AdviceReader
{
    public static IReadOnlyDictionary<string, LocalText> Read(JsonObjectReader root)
    {
        var advice = new Dictionary<string, LocalText>(StringComparer.Ordinal);
        if (root.ObjectOrNull("advice") is not { } o) return advice;
        foreach (string rung in DefaultAdvice.Rungs)
            if (o.Has(rung)) advice[rung] = o.LocalText(rung);
        o.Done();
        return advice;
    }
}
