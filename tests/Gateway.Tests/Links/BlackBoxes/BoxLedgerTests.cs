using Gateway.Ingest;
using Xunit;

namespace Gateway.Tests.Links.BlackBoxes;

/// <summary>A box that goes on talking while the ledger changes under it.</summary>
public sealed class BoxLedgerTests
{
    private const string Heartbeat = "A5 5A 02 13 03 00 0E 00 54 43 30 30 30 30 30 31 22 03 15 10 15 00 1B 95 EE FF";

    [Fact]
    public void A_box_that_is_adopted_counts_with_its_next_frame_on_the_same_wire()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "goyo-021303-crane", "goyo", "TC000001"));
        var whole = rig.Site.Ledger;
        rig.Site.Directory.Publish(rig.Site.Directory.Prepare(rig.Site.With(whole.Devices.Where(d => d.Id != "tower-1"))));
        var talk = rig.Connect(rig.Goyo);
        rig.Say(talk, Heartbeat);
        rig.Commit();
        Assert.Equal("TC000001", Assert.Single(rig.Events, e => e.Kind == LinkEventKind.Stranger).Stranger!.Address);

        rig.Site.Directory.Publish(rig.Site.Directory.Prepare(whole));
        rig.Say(talk, Heartbeat);
        rig.Say(talk, Heartbeat);
        rig.Commit();
        int device = rig.Site.IndexOf("tower-1");
        Assert.Single(rig.Events, e => e.Kind == LinkEventKind.Up && e.Device == device);
        Assert.True(Assert.Single(rig.Goyo.Status()).Registered);
    }
}
