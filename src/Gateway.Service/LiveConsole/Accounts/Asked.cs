using System.Globalization;
using Gateway.Domain.Compliance;
using Gateway.Reports;
using Gateway.Service.LiveConsole.Access;

namespace Gateway.Service.LiveConsole.Accounts;

/// <summary>Reads the parameters of a question and collects everything that is wrong with them: one look mends all.</summary>
internal sealed class Asked(TimeZoneInfo zone, long nowMs)
{
    private readonly List<string> _problems = [];

    /// <summary>The answer to give instead, or null when all is well.</summary>
    public IResult? Refusal => _problems.Count == 0 ? null : ApiProblem.Of(StatusCodes.Status400BadRequest, string.Join("; ", _problems));

    public string Word(string name, string? text, params ReadOnlySpan<string> allowed)
    {
        if (string.IsNullOrEmpty(text)) return allowed[0];
        if (allowed.IndexOf(text) < 0) Wrong(name, $"one of {string.Join(", ", allowed)}", text);
        return text;
    }

    public long? Number(string name, string? text, long min, long max)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= min && number <= max) return number;
        Wrong(name, max == long.MaxValue ? $"a number from {min}" : $"a number from {min} to {max}", text);
        return null;
    }

    public long Moment(string name, string? text, long absentMs)
    {
        if (string.IsNullOrEmpty(text)) return absentMs;
        if (WindowText.MomentOf(text, zone) is { } ms) return ms;
        Wrong(name, WindowText.MomentExpected, text);
        return absentMs;
    }

    public PresenceCursor Cursor(string? text)
    {
        if (string.IsNullOrEmpty(text)) return default;
        if (PresenceCursor.Read(text) is { } cursor) return cursor;
        Wrong("cursor", "the \"next\" of an earlier page", text);
        return default;
    }

    /// <summary>The device, where one is named; it must be one of the ledger or one the chain may still speak of.</summary>
    public string? Device(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length > 64 || text.Any(char.IsControl)) Wrong("device", "the id of a device", text.Length > 64 ? text[..64] + "…" : text);
        return text;
    }

    /// <summary>The window: named, or from one moment to another.</summary>
    /// <param name="absent">When nothing is said.</param>
    public AccountWindow Window(string? window, string? from, string? to, string absent)
    {
        if (string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to)) return Named("window", string.IsNullOrEmpty(window) ? absent : window);
        if (!string.IsNullOrEmpty(window)) _problems.Add("window: expected either window, or from and to");
        return Span(from, to, daysAbsent: 1);
    }

    /// <summary>From one moment to another, at most <see cref="WindowText.DaysMax"/> days.</summary>
    /// <param name="daysAbsent">How far back it begins when that is not said.</param>
    public AccountWindow Span(string? from, string? to, int daysAbsent)
    {
        int before = _problems.Count;
        long toMs = Moment("to", to, nowMs), fromMs = Moment("from", from, toMs - daysAbsent * 86_400_000L);
        if (toMs <= fromMs) _problems.Add("from: expected a time before to");
        else if (toMs - fromMs > WindowText.DaysMax * 86_400_000L) _problems.Add($"from: expected at most {WindowText.DaysMax} days before to");
        return _problems.Count == before ? AccountWindow.Of(fromMs, toMs, zone) : Today();
    }

    public AccountWindow Named(string name, string text)
    {
        if (WindowText.Read(text, zone, nowMs) is { } window) return window;
        Wrong(name, WindowText.Expected, text);
        return Today();
    }

    private AccountWindow Today() => AccountWindow.Day(CivilDays.DateOf(nowMs, zone), zone);

    private void Wrong(string name, string expected, string seen) => _problems.Add($"{name}: expected {expected}, saw \"{seen}\"");
}
