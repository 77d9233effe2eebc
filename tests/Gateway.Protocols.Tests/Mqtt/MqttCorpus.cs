using Gateway.Protocols.Mqtt;

namespace Gateway.Protocols.Tests.Mqtt;

/// <summary>Valid packets of every type and version, small and full, for tests that bend them.</summary>
internal static class MqttCorpus
{
    /// <summary>Packets both ends of a connection of that version may have sent.</summary>
    public static readonly (MqttVersion Version, byte[] Packet)[] All =
    [
        .. Packets(MqttVersion.V311,
            "10 [<MQTT> 04 02 003C <d1>]",
            "10 [<MQTT> 04 02 0000 <>]",
            "10 [<MQTT> 04 EE 000A <塔机-1> <site/a/status> {00FF7F} <user> {FF00}]",
            "20 [00 00]", "20 [01 00]", "20 [00 05]",
            "30 [<a/b> 'hi']", "31 [<site/工地/crane/c-1/telemetry> '{wind: 7.5}']", "32 [<a> 000A]", "3D [<a/b/c> FFFF 00010203]",
            "40 [0102]", "50 [0102]", "62 [0102]", "70 [0102]",
            "82 [000A <a/b> 01 <c/d> 02]", "82 [0001 <+/#> 00 <$share/g/a> 00]",
            "90 [000A 00 02 80]",
            "A2 [000A <a/b> <c/d>]", "B0 [000A]", "C0 []", "D0 []", "E0 []"),
        .. Packets(MqttVersion.V5,
            "10 [<MQTT> 05 02 003C [] <d1>]",
            "10 [<MQTT> 05 40 0000 [] <> {01}]",
            "10 [<MQTT> 05 EE 000A [11 0000000A 21 0014 27 00010000 22 0010 19 01 17 00 26 <k> <v> 26 <> <> 15 <m> 16 {0102}] <塔机-1>"
                + " [18 0000001E 01 01 02 0000003C 03 <json> 08 <reply> 09 {AB} 26 <k> <v>] <site/a/status> {00FF7F} <user> {FF00}]",
            "20 [00 00 []]", "20 [00 84 []]",
            "20 [01 00 [11 0000000A 21 0014 24 00 25 00 27 00010000 12 <id> 22 0010 1F <why> 26 <k> <v> 28 00 29 00 2A 00 13 003C 1A <info> 1C <ref> 15 <m> 16 {01}]]",
            "30 [<a/b> [] 'hi']", "33 [<a> 0102 [23 0001] 'x']", "3C [<> FFFF [23 FFFF]]",
            "34 [<t> 0102 [23 0007 02 0000003C 0B 01 0B FFFFFF7F 01 01 03 <json> 08 <reply> 09 {AB} 26 <k> <1> 26 <k> <2>] 'payload']",
            "30 [<site/工地/crane/c-1/telemetry> [01 01 26 <seq> <17>] '{wind: 7.5}']",
            "40 [0102]", "40 [0102 10]", "50 [0102 97 [1F <full> 26 <k> <v>]]", "62 [0102 92]", "70 [0102 00 []]",
            "82 [000A [] <a/b> 01 <c/d> 2E]", "82 [0001 [0B FFFFFF7F 26 <k> <v>] <+/#> 00 <$share/g/a> 18]",
            "90 [000A [] 00 02 80 8F]", "90 [000A [1F <why> 26 <k> <v>] 01]",
            "A2 [000A [26 <k> <v>] <a/b> <c/d>]", "B0 [000A [1F <why>] 00 11 87]",
            "C0 []", "D0 []", "E0 []", "E0 [04]", "E0 [00 [11 00000001 1F <why> 26 <k> <v>]]", "E0 [9D [1C <b:1883> 1F <moved>]]",
            "F0 []", "F0 [18 [15 <m> 16 {0102} 1F <go on> 26 <k> <v>]]", "F0 [19 [15 <m>]]"),
    ];

    private static IEnumerable<(MqttVersion, byte[])> Packets(MqttVersion version, params string[] notations) =>
        notations.Select(n => (version, MqttNotation.Bytes(n)));
}
