namespace Gateway.Uplink;

/// <summary>What the header <c>X-Gateway-Lane</c> and the figures call a connection.</summary>
public static class UplinkWay
{
    public const string Alarms = "alarms";
    public const string Live = "live";
    public const string Backlog = "backlog";
}
