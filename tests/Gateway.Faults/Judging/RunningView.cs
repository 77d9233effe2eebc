using System.Text.Json;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Judging;

/// <summary>What the gateway says while it still runs.</summary>
/// <param name="Overloaded">Devices of which the API has the alarm that an overload must raise.</param>
internal sealed record RunningView(IReadOnlySet<string> Overloaded)
{
    public const string Rule = "crane-moment-alarm";

    public static async Task<RunningView> ReadAsync(GatewayUnderTest gateway) => new((await gateway.Console.AlarmsAsync(Rule)).Select(SubjectOf).ToHashSet());

    private static string SubjectOf(JsonElement alarm) => alarm.GetProperty("subject").GetProperty("id").GetString()!;
}
