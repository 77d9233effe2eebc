using Gateway.Domain.Ledger;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.History;

/// <summary>Charts of devices that came, changed or left while the gateway ran.</summary>
public sealed class HistoryLedgerTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_device_that_was_added_is_drawn_from_its_first_reading_on()
    {
        using var rig = Prepared();
        Publish(rig, [.. rig.Site.Ledger.Devices, rig.Site.Ledger.Devices[0] with { Id = "c9", Address = "site/s1/crane/c9" }]);
        rig.Load(rig.NowMs, 3, "c9");
        rig.Commit();
        Assert.Equal([(HistoryRig.Start, 3.0)], rig.Read(device: "c9").Values());
        rig.Write();
        Assert.Equal([(HistoryRig.Start, 3.0)], rig.Read(device: "c9").Values());
    }

    [Fact]
    public void Another_profile_goes_on_in_the_same_chart_and_a_device_that_leaves_loses_nothing()
    {
        using var rig = Prepared();
        rig.Load(rig.NowMs, 1);
        rig.Commit();
        Publish(rig, [.. rig.Site.Ledger.Devices.Select(d => d.Id == "c1" ? d with { Profile = "yz-crane-json" } : d)]);
        rig.Commit();
        rig.NowMs += 1_000;
        Publish(rig, [.. rig.Site.Ledger.Devices.Where(d => d.Id != "c1")]);
        rig.Write();
        Publish(rig, [.. rig.Site.Ledger.Devices]);
        rig.Load(rig.NowMs, 2);
        rig.Write();
        Assert.Equal([(HistoryRig.Start, 1.0), (HistoryRig.Start + 1_000, 2.0)], rig.Read().Values());
    }

    private HistoryRig Prepared()
    {
        var rig = new HistoryRig(_folder.Path);
        rig.Keeper.Prepare(rig.NowMs);
        rig.Commit();
        rig.Write();
        return rig;
    }

    private static void Publish(HistoryRig rig, Device[] devices) => rig.Site.Directory.Publish(rig.Site.Directory.Prepare(rig.Site.With(devices)));
}
