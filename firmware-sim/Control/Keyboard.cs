namespace FirmwareSim.Control;

/// <summary>Commands typed at the terminal, one a line. The end of the input ends only the listening.</summary>
internal static class Keyboard
{
    /// <summary>Listens on a background thread of its own: reading standard input cannot be cancelled, so nothing waits for it.</summary>
    public static void Listen(TextReader input, CommandDesk desk, Journal journal)
    {
        var thread = new Thread(() => ReadAll(input, desk, journal)) { IsBackground = true, Name = "keyboard" };
        thread.Start();
    }

    public static void ReadAll(TextReader input, CommandDesk desk, Journal journal)
    {
        while (input.ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            string? problem = CommandRequest.Parse(line, out string unreadable) is { } request ? desk.Execute(request) : unreadable;
            if (problem is not null) journal.WriteRaw($"  ? {problem}");
        }
    }
}
