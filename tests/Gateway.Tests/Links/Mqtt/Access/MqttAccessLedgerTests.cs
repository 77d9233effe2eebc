using Gateway.Domain.Ledger;
using Gateway.Testing.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Access;

/// <summary>Who may sign in while the ledger changes.</summary>
public sealed class MqttAccessLedgerTests : IAsyncDisposable
{
    private const string Secret = "a-secret-of-c1";

    private readonly ListenerRig _rig = new(AccessSite.Members);
    private readonly List<string> _told = [];

    public MqttAccessLedgerTests()
    {
        _rig.SetPassword("c1", Secret);
        _rig.Access.Changed += _told.AddRange;
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_device_that_left_may_not_come_in_any_more_and_its_connection_is_told()
    {
        _rig.Access.Follow(With(_rig.Ledger.Devices.Where(d => d.Id != "c1")));
        Assert.Null((await _rig.SignInAsync("c1", Secret)).Identity);
        Assert.Null(_rig.Access.RightsOf("c1"));
        Assert.Equal(["c1"], _told.Distinct());
        // It comes again, and so does the password it still has in the store.
        _rig.Access.Follow(_rig.Ledger);
        Assert.Equal("c1", (await _rig.SignInAsync("c1", Secret)).Identity?.Name);
    }

    [Fact]
    public async Task Another_topic_is_another_right_and_whom_it_does_not_concern_stays()
    {
        _rig.SetPassword("c2", Secret);
        _told.Clear();
        _rig.Access.Follow(With(_rig.Ledger.Devices.Select(d => d.Id == "c1" ? d with { Address = "new/topic" } : d)));
        Assert.Equal(["c1"], _told);
        var rights = (await _rig.SignInAsync("c1", Secret)).Identity!.Rights;
        Assert.True(rights.MayPublish("new/topic"u8));
        Assert.False(rights.MayPublish("site/s1/crane/c1/telemetry"u8));
    }

    [Fact]
    public void A_device_without_credentials_that_is_adopted_goes_on_over_the_connection_it_has()
    {
        _rig.Access.Follow(With([.. _rig.Ledger.Devices, _rig.Ledger.Devices[0] with { Id = "c9", Address = "site/s1/crane/c9" }]));
        Assert.Empty(_told);
    }

    private SiteLedger With(IEnumerable<Device> devices) => _rig.Ledger with { Devices = [.. devices] };
}
