using Gateway.Domain.Alarms;
using Gateway.Domain.Readings;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>What a vendor's device reports in its own numbers, from its message to the site's alarms.</summary>
public sealed class VendorAlarmTests : IDisposable
{
    private const string Devices = """
        , { "id": "deye", "name": "d", "kind": "crane", "profile": "deye-crane-json", "link": "mqtt", "topic": "deye/1", "inService": "2026-01-01" }
        , { "id": "lift", "name": "l", "kind": "hoist", "profile": "goyo-hoist-json", "link": "mqtt", "topic": "goyo/1", "inService": "2026-01-01" }
        , { "id": "yz", "name": "y", "kind": "crane", "profile": "yz-crane-json", "link": "mqtt", "topic": "yz/1", "inService": "2026-01-01" }
        """;

    private readonly TempDirectory _folder = new(), _copy = new();
    private readonly FakeClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(TestSite.Ten));

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
    }

    [Fact]
    public async Task An_alarm_told_by_an_event_stands_until_its_end_is_told_whatever_else_is_told_meanwhile()
    {
        using var rig = Start(_folder.Path);
        rig.Say("deye", """{"AlarmType":51,"AlarmAction":1,"Weight":6.4}""", kind: ReadingKind.Event);
        await rig.PassAsync(3);
        Assert.Equal(AlarmState.Unacked, (await StateOf(rig, "deye", "crane-device-load"))!);

        rig.Say("deye", """{"AlarmType":21,"AlarmAction":1,"Weight":6.4}""", kind: ReadingKind.Event);
        await rig.PassAsync(3);
        rig.Say("deye", """{"Weight":6.4,"MultiAlarmAll":"1"}""");
        await rig.PassAsync(3);
        Assert.Equal(AlarmState.Unacked, (await StateOf(rig, "deye", "crane-device-load"))!);
        Assert.Equal(AlarmState.Unacked, (await StateOf(rig, "deye", "crane-device-collision"))!);

        rig.Say("deye", """{"AlarmType":51,"AlarmAction":0,"Weight":1.4}""", kind: ReadingKind.Event);
        await rig.PassAsync(3);
        rig.Say("deye", """{"Weight":1.4}""");
        await rig.PassAsync(1);
        Assert.Equal(AlarmState.ReturnedUnacked, (await StateOf(rig, "deye", "crane-device-load"))!);
        Assert.Equal(AlarmState.Unacked, (await StateOf(rig, "deye", "crane-device-collision"))!);
    }

    [Fact]
    public async Task After_a_restart_an_event_about_another_alarm_does_not_end_the_one_that_stood()
    {
        using (var rig = Start(_folder.Path))
        {
            rig.Say("deye", """{"AlarmType":51,"AlarmAction":1,"Weight":6.4}""", kind: ReadingKind.Event);
            await rig.SettledAsync();
            rig.CopyDisk(_copy.Path);
        }
        using var next = Start(_copy.Path);
        next.Say("deye", """{"AlarmType":61,"AlarmAction":1,"Weight":6.4}""", kind: ReadingKind.Event);
        await next.PassAsync(5);
        next.Say("deye", """{"AlarmType":61,"AlarmAction":0,"Weight":6.4}""", kind: ReadingKind.Event);
        await next.PassAsync(5);
        Assert.Equal(AlarmState.Unacked, (await StateOf(next, "deye", "crane-device-load"))!);

        next.Say("deye", """{"AlarmType":51,"AlarmAction":0,"Weight":1.4}""", kind: ReadingKind.Event);
        await next.PassAsync(5);
        next.Say("deye", """{"Weight":1.4}""");
        await next.PassAsync(1);
        Assert.Equal(AlarmState.ReturnedUnacked, (await StateOf(next, "deye", "crane-device-load"))!);
    }

    [Fact]
    public async Task A_listed_warning_and_a_bit_string_raise_the_same_rules_as_our_own_bits()
    {
        using var rig = Start(_folder.Path);
        rig.Say("lift", """{"frame_type":"real_time_data","data":{"is_warning":"Y","warning_type":["11"],"weight":0.5}}""");
        rig.Say("yz", """{"warning":"00000000000000000000000000000110","liftingCapacity":1}""");
        await rig.PassAsync(1);
        Assert.Equal(AlarmState.Unacked, (await StateOf(rig, "lift", "hoist-anti-fall"))!);
        Assert.Equal(AlarmState.Unacked, (await StateOf(rig, "yz", "crane-device-load"))!);
        Assert.Equal(AlarmState.Unacked, (await StateOf(rig, "yz", "crane-device-collision"))!);
    }

    [Fact]
    public async Task A_remembered_alarm_is_said_again_with_good_values_and_is_no_life_of_its_own()
    {
        using var rig = Start(_folder.Path);
        rig.Say("deye", """{"Weight":1}""");
        rig.Say("deye", """{"AlarmType":51,"AlarmAction":1}""", kind: ReadingKind.Event);
        rig.Say("deye", """{"Weight":2}""");
        rig.Say("deye", """{"Weight":"much"}""");
        await rig.SettledAsync();
        Assert.Equal(["load_t=1", "alarm_code=51i,alarm_bits=1i", "load_t=2,alarm_bits=1i", "bad_fields=1i"], rig.Lines().Select(l => l.Split(' ')[1]));
    }

    [Fact]
    public async Task A_heartbeat_answers_but_neither_measures_nor_stops_the_working_time()
    {
        using var rig = Start(_folder.Path);
        const string working = """{"frame_type":"real_time_data","data":{"peoples":3,"driver_id_code":"op-1"}}""", beat = """{"frame_type":"heart_beat","data":{"sn":"1"}}""";
        rig.Say("lift", working);
        await rig.PassAsync(10);
        rig.Say("lift", beat, kind: ReadingKind.Heartbeat);
        await rig.PassAsync(10);
        rig.Say("lift", working);
        await rig.PassAsync(1);
        Assert.Equal(20_000, (await rig.Stage.ViewAsync()).Compliance.Operators.WorkingMs);

        for (int i = 0; i < 7; i++)
        {
            await rig.PassAsync(10);
            rig.Say("lift", beat, kind: ReadingKind.Heartbeat);
        }
        await rig.PassAsync(1);
        var lift = (await rig.Stage.ViewAsync()).Devices.First(d => d.Id == "lift");
        Assert.Equal(("answering", true), (lift.Presence.Ladder[1].Rung, lift.Presence.Ladder[1].Ok));
        Assert.Equal(("fresh", false), (lift.Presence.Ladder[2].Rung, lift.Presence.Ladder[2].Ok));
    }

    private StageRig Start(string folder)
    {
        var rig = new StageRig(folder, _clock, moreDevices: Devices);
        rig.Stage.Start();
        return rig;
    }

    private static async Task<AlarmState?> StateOf(StageRig rig, string device, string rule) =>
        (await rig.Stage.ViewAsync()).Alarms.FirstOrDefault(a => a.Subject.Id == device && a.Rule == rule)?.State;
}
