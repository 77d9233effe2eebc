namespace Gateway.Tests.Links.Mqtt.Access;

/// <summary>Ledger members the tests of signing in share.</summary>
internal static class AccessSite
{
    /// <summary>Two cranes that sign in themselves, two that come in through a DTU, and a platform that reads.</summary>
    public const string Members = """
        "devices": [
          { "id": "c1", "name": "1", "kind": "crane", "profile": "crane-json", "link": "mqtt" },
          { "id": "c2", "name": "2", "kind": "crane", "profile": "crane-json", "link": "mqtt" },
          { "id": "c3", "name": "3", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "dtu/three", "login": "dtu-1" },
          { "id": "c4", "name": "4", "kind": "crane", "profile": "crane-json", "link": "mqtt", "topic": "dtu/four", "login": "dtu-1" } ],
        "clients": [
          { "id": "dtu-1", "name": "d", "user": "DTU one" },
          { "id": "platform", "name": "p", "subscribe": [ "site/#", "$SYS/#", "!site/+/camera/#" ], "publish": [ "commands/+" ] } ]
        """;
}
