namespace Gateway.Tests.Links.MqttClient;

/// <summary>The usual site and devices behind two brokers: two cranes and a camera behind <c>yard</c>, a crane of the same topic behind <c>lessor</c>.</summary>
internal static class BrokerSite
{
    public const string Yard = "yard";
    public const string Crane = "site/s1/crane/y1/telemetry";

    private const string Devices = """
        ,
        { "id": "y1", "name": "院 1", "kind": "crane", "profile": "crane-json", "link": "mqtt", "broker": "yard", "inService": "2026-01-01" },
        { "id": "y2", "name": "院 2", "kind": "crane", "profile": "crane-json", "link": "mqtt", "broker": "yard", "inService": "2026-01-01" },
        { "id": "y3", "name": "院 3", "kind": "camera", "profile": "camera-json", "link": "mqtt", "broker": "yard", "topic": "cameras/3", "inService": "2026-01-01" },
        { "id": "l1", "name": "租 1", "kind": "crane", "profile": "crane-json", "link": "mqtt", "broker": "lessor", "topic": "site/s1/crane/y1", "inService": "2026-01-01" }
        """;

    public static TestSite Create() => new(moreDevices: Devices);
}
