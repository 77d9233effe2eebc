using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>When a DTU counts as lost.</summary>
public sealed class MqttDtuTests : IDisposable
{
    private readonly IngestBuffer _ingest = new();
    private readonly MqttDtus _dtus;

    public MqttDtuTests()
    {
        _dtus = new MqttDtus(_ingest, name => name != "nameless");
        _dtus.Watch(["a", "b", "nameless"], 0);
    }

    public void Dispose() => _ingest.Dispose();

    [Fact]
    public void The_last_connection_that_goes_is_the_loss_and_the_first_that_comes_the_return()
    {
        _dtus.Came("a", 1_000);
        _dtus.Came("a", 2_000);
        _dtus.Went("a", "taken over", 2_000);
        _dtus.Went("a", "closed by the client", 3_000);
        _dtus.Came("a", 4_000);
        _dtus.Came("display", 4_000);
        _dtus.Went("", "closed", 5_000);
        Assert.Equal([(LinkEventKind.ClientBack, "a", ""), (LinkEventKind.ClientLost, "a", "closed by the client"), (LinkEventKind.ClientBack, "a", "")], Said());
    }

    [Fact]
    public void Who_does_not_come_within_a_minute_of_the_start_is_lost_unless_nobody_can_come_under_its_name()
    {
        _dtus.Came("a", 1_000);
        _dtus.Sweep(59_999);
        Assert.Equal([(LinkEventKind.ClientBack, "a", "")], Said());
        _dtus.Sweep(60_000);
        Assert.Equal([(LinkEventKind.ClientLost, "b", "did not connect within 60 s of the start"), (LinkEventKind.ClientBack, "nameless", "")], Said().OrderBy(e => e.Text));
        _dtus.Sweep(120_000);
        Assert.Empty(Said());
    }

    private List<(LinkEventKind Kind, string Text, string Reason)> Said()
    {
        var batch = _ingest.Take();
        var said = batch.Events.Select(e => (e.Kind, e.Text, e.Reason)).ToList();
        _ingest.Return(batch);
        return said;
    }
}
