using System.Text.Json.Nodes;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>A device that talks and is not in the ledger, and what is to be written of it. The ledger's reader judges it like any other entry.</summary>
/// <param name="Link">Its way to us as the list of unregistered devices says it: <c>mqtt</c>, <c>mqtt@yard</c>, <c>hj212</c> …</param>
/// <param name="Address">Its address there, as that list says it.</param>
public sealed record Adoption(string Link, string Address, string Id, LocalText Name, string Kind, string Profile)
{
    /// <summary>Seconds; null = the ledger's default.</summary>
    public double? ExpectedSeconds { get; init; }

    /// <summary>Seconds; null = the ledger's default.</summary>
    public double? OfflineAfterSeconds { get; init; }

    public bool Safety { get; init; }

    public string? Machine { get; init; }

    /// <summary>First civil day on which it counts.</summary>
    public DateOnly? InServiceFrom { get; init; }

    /// <summary>Its entry for <c>devices</c> of ledger.json.</summary>
    public JsonObject ToEntry()
    {
        string[] way = Link.Split('@', 2);
        var entry = new JsonObject { ["id"] = Id, ["name"] = new JsonObject { ["zh"] = Name.Zh, ["en"] = Name.En }, ["kind"] = Kind, ["profile"] = Profile, ["link"] = way[0] };
        if (way.Length == 2) entry["broker"] = way[1];
        switch (way[0])
        {
            case "mqtt":
                entry["topic"] = MqttAddress.TopicOf(Address);
                if (MqttAddress.SerialOf(Address) is { } serial) entry["serial"] = serial;
                break;
            case "sparkplug": entry["sparkplug"] = Address; break;
            case "goyo" or "tx101": entry["station"] = Address; break;
            case "hj212": entry["mn"] = Address; break;
        }
        if (ExpectedSeconds is { } expected) entry["expectedIntervalSeconds"] = expected;
        if (OfflineAfterSeconds is { } offlineAfter) entry["offlineAfterSeconds"] = offlineAfter;
        if (Safety) entry["safety"] = true;
        if (Machine is { } machine) entry["machine"] = machine;
        if (InServiceFrom is { } from) entry["inService"] = from.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return entry;
    }
}
