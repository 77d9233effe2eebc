using Gateway.Decoding;
using Gateway.Domain.Ledger;
using Xunit;

namespace Gateway.Tests.Decoding;

/// <summary>A directory whose ledger changes while links look things up in it.</summary>
public sealed class DirectorySnapshotTests
{
    private readonly TestSite _site = new();

    private DeviceDirectory Directory => _site.Directory;

    [Fact]
    public void What_did_not_change_keeps_its_very_route()
    {
        var before = Directory.Registered.ToDictionary(r => r.Id);
        Publish([.. _site.Ledger.Devices.Select(d => d.Id == "c1" ? d with { OfflineAfterMs = 5_000 } : d)]);
        foreach (var route in Directory.Registered.Where(r => r.Id != "c1")) Assert.Same(before[route.Id], route);
        var (old, now) = (before["c1"], Directory.ById("c1")!);
        Assert.NotSame(old, now);
        Assert.Equal((old.Index, 5_000), (now.Index, now.Device!.OfflineAfterMs));
        Assert.Same(old.Clock, now.Clock);
        Assert.Same(old.Alarms, now.Alarms);
    }

    [Fact]
    public void Another_profile_is_another_index_and_the_same_series()
    {
        var old = Directory.ById("c1")!;
        Publish([.. _site.Ledger.Devices.Select(d => d.Id == "c1" ? d with { Profile = "goyo-crane-json" } : d)]);
        var now = Directory.ById("c1")!;
        Assert.Equal(_site.Ledger.Devices.Count, now.Index);
        Assert.Same(old.Clock, now.Clock);
        Assert.NotSame(old.Alarms, now.Alarms);
    }

    [Fact]
    public void An_index_is_never_given_twice()
    {
        var given = Directory.Registered.Select(r => r.Index).ToHashSet();
        for (int round = 0; round < 20; round++)
        {
            Publish([.. _site.Ledger.Devices.Where((_, i) => i % 7 != round % 7)]);
            var stranger = Stranger($"site/s1/crane/x{round}", out bool isNew);
            Assert.True(isNew);
            Assert.True(given.Add(stranger.Index), $"round {round}: {stranger.Index} again");
            Publish([.. _site.Ledger.Devices]);
            Assert.True(given.Add(Directory.ById(_site.Ledger.Devices[round % 7].Id)!.Index), $"round {round}: a device that came again has an index of before");
        }
    }

    [Fact]
    public void A_stranger_that_is_registered_is_found_and_no_stranger_any_more()
    {
        var stranger = Stranger("site/s1/crane/new", out _);
        int version = Directory.Version;
        Publish([.. _site.Ledger.Devices, _site.Ledger.Devices[0] with { Id = "new", Address = "site/s1/crane/new" }]);
        Assert.NotEqual(version, Directory.Version);
        var registered = Directory.Find(LinkKind.Mqtt, "site/s1/crane/new")!;
        Assert.NotEqual(stranger.Index, registered.Index);
        // Whoever looked a moment before and comes now gets the device, not a second stranger.
        Assert.Same(registered, Stranger("site/s1/crane/new", out bool isNew));
        Assert.False(isNew);
        // And once it leaves again it is another stranger: the engine has forgotten the first.
        Publish([.. _site.Ledger.Devices]);
        Assert.NotEqual(stranger.Index, Stranger("site/s1/crane/new", out bool again).Index);
        Assert.True(again);
    }

    private DeviceRoute Stranger(string address, out bool isNew) => Directory.Unregistered(LinkKind.Mqtt, address, "new", _site.Catalog["crane-json"], out isNew)!;

    private void Publish(Device[] devices) => Directory.Publish(Directory.Prepare(_site.With(devices)));
}
