using System.Text;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Ingest;
using Gateway.Links.Hj212;
using Gateway.Links.Serial;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.Hj212;

[Collection(SerialPortsCollection.Name)]
public sealed class Hj212SerialLineTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly Hj212Rig _rig = new();
    private readonly List<LinkEvent> _events = [];

    public void Dispose()
    {
        _rig.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_logger_on_a_serial_line_is_answered_after_the_commit_and_its_port_is_told_of()
    {
        using var adapter = PseudoTerminal.Plug(_folder["adapter"]);
        using var line = Line();
        line.Start();
        Until(e => e.Kind == LinkEventKind.PortOpened && e.Text == "bus-9");
        byte[] frame = Hj212Rig.Frame($"QN=20260305100000000;ST=39;CN=2011;PW=123456;MN={Hj212Rig.Mn};Flag=5;CP=&&DataTime=20260305100000;a34004-Rtd=41,a34004-Flag=N&&");

        adapter.Write(frame.AsSpan(0, 40));
        adapter.Write(frame.AsSpan(40));
        Until(_ => _rig.Readings.Count > 0);

        byte[] answer = new byte[99];
        for (int got = 0; got < answer.Length;)
        {
            int read = adapter.Read(answer.AsSpan(got), s_long);
            Assert.True(read > 0);
            got += read;
        }
        Assert.Contains("CN=9014", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
        Assert.Contains("ok", _rig.Rings.Find("bus-9")!.Verdicts().Keys);
        Assert.Equal("bus-9", _rig.Device.Peer);
    }

    [Fact]
    public void A_port_that_is_not_there_is_a_mistake_of_the_set_up_and_one_that_goes_is_an_adapter_pulled()
    {
        using var line = Line();
        line.Start();
        Until(e => e is { Kind: LinkEventKind.PortLost, Cause: "port" });
        using (PseudoTerminal.Plug(_folder["adapter"])) Until(e => e.Kind == LinkEventKind.PortOpened);
        Until(e => e is { Kind: LinkEventKind.PortLost, Cause: "bus" });
        line.Stop();
    }

    private Hj212SerialLine Line() => new(new Bus("bus-9", new LocalText("", ""), _folder["adapter"], 9600, "8N1") { Protocol = BusProtocol.Hj212 }, SerialFraming.EightNone1, _rig.Link, NullLogger.Instance);

    /// <summary>Commits until an event was there.</summary>
    private void Until(Func<LinkEvent, bool> seen)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!_events.Any(seen))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < s_long, string.Join('\n', _events));
            // The port is looked for again by the rig's clock.
            _rig.Clock.Advance(TimeSpan.FromSeconds(1));
            if (!_rig.Ingest.Arrived.Wait(TimeSpan.FromMilliseconds(100))) continue;
            _events.AddRange(_rig.Commit());
        }
    }
}
