namespace FirmwareSim.Control;

/// <summary>
/// A command as it was given, nothing checked yet: the name, and the texts of target, seconds and value where they were given.
/// </summary>
internal sealed record CommandRequest(string Name, string? Target = null, string? Seconds = null, string? Value = null)
{
    /// <summary>
    /// Reads <c>NAME [TARGET] [seconds=N] [value=N]</c>; null when there is a word it cannot place, named in <paramref name="problem"/>.
    /// </summary>
    public static CommandRequest? Parse(string line, out string problem)
    {
        string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        problem = "give a command";
        if (words.Length == 0) return null;
        var request = new CommandRequest(words[0]);
        foreach (string word in words.Skip(1))
        {
            CommandRequest? next = word.Split('=', 2) switch
            {
                ["target", var target] => request with { Target = target },
                ["seconds", var seconds] => request with { Seconds = seconds },
                ["value", var value] => request with { Value = value },
                [var target] when request.Target is null => request with { Target = target },
                _ => null,
            };
            if (next is null)
            {
                problem = $"cannot place '{word}'; say it like: silence crane-1 seconds=30";
                return null;
            }
            request = next;
        }
        problem = "";
        return request;
    }
}
