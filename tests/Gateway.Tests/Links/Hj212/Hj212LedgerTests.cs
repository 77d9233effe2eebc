using Gateway.Domain.Ledger;
using Gateway.Ingest;
using Xunit;

namespace Gateway.Tests.Links.Hj212;

/// <summary>A conversation that goes on while the ledger changes under it.</summary>
public sealed class Hj212LedgerTests : IDisposable
{
    private readonly Hj212Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_logger_whose_entry_leaves_and_comes_again_is_a_stranger_in_between()
    {
        _rig.Live();
        _rig.Commit();
        int device = Assert.Single(_rig.Readings).Reading.Device;

        Publish([.. _rig.Site.Ledger.Devices.Where(d => d.Link != LinkKind.Hj212)]);
        _rig.Live();
        var events = _rig.Commit();
        var stranger = Assert.Single(events, e => e.Kind == LinkEventKind.Stranger).Stranger!;
        Assert.Equal((Hj212Rig.Mn, _rig.Readings[1].Reading.Device), (stranger.Address, stranger.Index));
        Assert.False(_rig.Device.Registered);

        Publish([.. _rig.Site.Ledger.Devices]);
        _rig.Live();
        _rig.Commit();
        Assert.True(_rig.Device.Registered);
        Assert.Equal(3, new HashSet<int> { device, stranger.Index, _rig.Readings[2].Reading.Device }.Count);
        Assert.Equal(_rig.Site.IndexOf("dust-1"), _rig.Readings[2].Reading.Device);
    }

    [Fact]
    public void A_checksum_rule_that_changes_holds_for_the_next_frame()
    {
        _rig.Live();
        Publish([.. _rig.Site.Ledger.Devices.Select(d => d.Link == LinkKind.Hj212 ? d with { Hj212 = d.Hj212 with { Crc = Hj212CrcRule.Modbus } } : d)]);
        _rig.Live();
        _rig.Commit();
        Assert.Single(_rig.Readings);
    }

    [Fact]
    public void A_logger_that_did_not_change_keeps_what_is_known_of_it()
    {
        _rig.Live();
        Publish([.. _rig.Site.Ledger.Devices.Where(d => d.Id != "c1")]);
        _rig.Live();
        _rig.Commit();
        Assert.Equal(2, _rig.Device.Counts["ok"]);
    }

    private void Publish(Device[] devices) => _rig.Site.Directory.Publish(_rig.Site.Directory.Prepare(_rig.Site.With(devices)));
}
