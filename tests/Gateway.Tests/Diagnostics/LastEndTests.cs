using Gateway.Diagnostics.Boot;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Diagnostics;

/// <summary>How the last run ended, from what it and the box left behind.</summary>
public sealed class LastEndTests
{
    private const long HeartbeatMs = 1_770_000_000_000;

    [Theory]
    [InlineData(false, false, null, "b", null, LastEnd.First)]
    [InlineData(true, true, "a", "b", "watchdog killed ABRT", LastEnd.Shutdown)]
    [InlineData(true, false, "a", "b", "watchdog killed ABRT", LastEnd.Power)]
    [InlineData(true, false, "a", "a", "watchdog killed ABRT", LastEnd.Watchdog)]
    [InlineData(true, false, "a", "a", "watchdog dumped ABRT", LastEnd.Watchdog)]
    [InlineData(true, false, "a", "a", "oom-kill killed KILL", LastEnd.Signal)]
    [InlineData(true, false, "a", "a", "signal killed KILL", LastEnd.Signal)]
    [InlineData(true, false, "a", "a", "signal killed SEGV", LastEnd.Crash)]
    [InlineData(true, false, "a", "a", "core-dump dumped ABRT", LastEnd.Crash)]
    [InlineData(true, false, "a", "a", "exit-code exited 3", LastEnd.Crash)]
    [InlineData(true, false, "a", "a", null, LastEnd.Crash)]
    [InlineData(true, false, null, "a", null, LastEnd.Crash)]
    [InlineData(true, false, "a", null, "watchdog killed ABRT", LastEnd.Watchdog)]
    public void An_end_is_judged_by_what_is_certain_first(bool ranBefore, bool goodbye, string? then, string? now, string? exit, LastEnd expected) =>
        Assert.Equal(expected, LastEnds.Judge(ranBefore, goodbye, then, new HostBoot(now, Exit(exit, HeartbeatMs + 1)), HeartbeatMs));

    [Fact]
    public void What_the_supervisor_wrote_before_the_last_heartbeat_is_about_another_end() =>
        Assert.Equal(LastEnd.Crash, LastEnds.Judge(true, false, "a", new HostBoot("a", Exit("watchdog killed ABRT", HeartbeatMs - 1)), HeartbeatMs));

    [Fact]
    public void The_supervisors_file_is_read_as_it_was_written_and_an_empty_one_says_nothing()
    {
        using var folder = new TempDirectory();
        Assert.Null(LastExit.Read(folder.Path));
        File.WriteAllText(folder.File(LastExit.FileName), "\n");
        Assert.Null(LastExit.Read(folder.Path));
        File.WriteAllText(folder.File(LastExit.FileName), "watchdog killed ABRT\n");
        Assert.Equal(("watchdog killed ABRT", LastEnd.Watchdog), (LastExit.Read(folder.Path)!.Words, LastExit.Read(folder.Path)!.End));
    }

    private static LastExit? Exit(string? words, long writtenMs) => words?.Split(' ') is [var result, var code, var status] ? new LastExit(result, code, status, writtenMs) : null;
}
