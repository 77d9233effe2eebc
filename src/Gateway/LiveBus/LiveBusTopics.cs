namespace Gateway.LiveBus;

/// <summary>Where what stands; ids of sites and alarms hold nothing that means something in a topic. All retained, so that a new subscriber of <c>{root}/{site}/#</c> holds the whole picture at once.</summary>
public sealed class LiveBusTopics(string root, string site)
{
    /// <summary>One per open alarm; cleared when it closes.</summary>
    public string Alarm(string id) => $"{root}/{site}/alarm/{id}";

    public string State { get; } = $"{root}/{site}/state";

    /// <summary>Whether the gateway is there; its Will.</summary>
    public string Gateway { get; } = $"{root}/{site}/gateway";

    public string Checkpoint { get; } = $"{root}/{site}/checkpoint";
}
