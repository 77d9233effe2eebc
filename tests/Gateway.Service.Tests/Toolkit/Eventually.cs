using System.Diagnostics;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Waits for a condition, never for a time: returns as soon as it holds, and says what was seen last when it does not come.</summary>
internal static class Eventually
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    /// <param name="look">What there is now.</param>
    /// <param name="holds">Whether that is what is waited for.</param>
    public static async Task<T> GetAsync<T>(string what, TimeSpan limit, Func<Task<T>> look, Func<T, bool> holds, Func<T, string>? say = null)
    {
        var clock = Stopwatch.StartNew();
        string last = "nothing";
        while (true)
        {
            try
            {
                var seen = await look();
                if (holds(seen)) return seen;
                last = say is null ? $"{seen}" : say(seen);
            }
            catch (Exception notYet) when (notYet is HttpRequestException or IOException or System.Net.Sockets.SocketException or TaskCanceledException)
            {
                last = notYet.Message;
            }
            if (clock.Elapsed > limit) Assert.Fail($"{what}: not within {limit.TotalSeconds} s; last seen: {last}");
            await Task.Delay(LookEvery);
        }
    }

    public static Task<T> GetAsync<T>(string what, TimeSpan limit, Func<T> look, Func<T, bool> holds, Func<T, string>? say = null) =>
        GetAsync(what, limit, () => Task.FromResult(look()), holds, say);

    public static Task TrueAsync(string what, TimeSpan limit, Func<bool> holds, Func<string>? say = null) =>
        GetAsync(what, limit, holds, seen => seen, _ => say?.Invoke() ?? "no");

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
