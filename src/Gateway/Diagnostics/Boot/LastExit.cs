namespace Gateway.Diagnostics.Boot;

/// <summary>What the supervisor left in <c>last-exit</c> after the last run: the variables of systemd's <c>ExecStopPost</c>, one line, blanks between.</summary>
/// <param name="Result"><c>SERVICE_RESULT</c>: <c>watchdog</c>, <c>signal</c>, <c>core-dump</c>, <c>exit-code</c>, <c>oom-kill</c> …</param>
/// <param name="Status"><c>EXIT_STATUS</c>: exit code, or the signal's name without SIG.</param>
/// <param name="WrittenMs">When it was written, by the wall clock, ms.</param>
/// <remarks><b>Source</b>: systemd.exec(5), "Environment variables set or propagated by the service manager".</remarks>
public sealed record LastExit(string Result, string Code, string Status, long WrittenMs)
{
    public const string FileName = "last-exit";

    // What a program sends itself when it is broken.
    private static readonly string[] OwnSignals = ["ABRT", "BUS", "FPE", "ILL", "SEGV", "SYS", "TRAP"];

    public LastEnd End => Result switch
    {
        "watchdog" => LastEnd.Watchdog,
        "oom-kill" => LastEnd.Signal,
        "signal" when !OwnSignals.Contains(Status) => LastEnd.Signal,
        _ => LastEnd.Crash,
    };

    /// <summary>As it stands in the file.</summary>
    public string Words => $"{Result} {Code} {Status}".TrimEnd();

    /// <summary>Null when there is none, or it holds no words.</summary>
    public static LastExit? Read(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, FileName));
        try
        {
            if (!file.Exists) return null;
            string[] words = File.ReadLines(file.FullName).FirstOrDefault("").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.Length == 0 ? null : new LastExit(words[0], words.ElementAtOrDefault(1) ?? "", words.ElementAtOrDefault(2) ?? "", new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Then the supervisor has told us nothing, and the end counts as a crash.
            return null;
        }
    }
}
