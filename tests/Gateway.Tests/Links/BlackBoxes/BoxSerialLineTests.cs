using Gateway.Domain.Ledger;
using Gateway.Ingest;
using Gateway.Links.BlackBoxes;
using Gateway.Testing.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Links.BlackBoxes;

/// <summary>The same conversation over a serial line.</summary>
[Collection(SerialPortsCollection.Name)]
public sealed class BoxSerialLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_heartbeat_on_a_serial_bus_is_answered_there_and_its_port_is_told()
    {
        using var rig = new BoxRig(BoxRig.Device("tower-1", "crane", "goyo-021303-crane", "goyo", "TC000001"));
        using var adapter = PseudoTerminal.Plug(_folder["adapter"]);
        var bus = new Bus("bus-9", rig.Site.Ledger.Site.Name, _folder["adapter"], 9600, "8N1") { Protocol = BusProtocol.Goyo };
        using var lines = new BoxSerialLines(rig.Site.Ledger with { Buses = [bus] }, rig.Goyo, rig.Tx101, NullLogger<BoxSerialLines>.Instance);
        lines.Start();
        SpinWait.SpinUntil(() => { rig.Commit(); return rig.Events.Exists(e => e.Kind == LinkEventKind.PortOpened && e.Text == "bus-9"); }, TimeSpan.FromSeconds(10));
        adapter.Write(BoxRig.Bytes("A5 5A 02 13 03 00 0E 00 54 43 30 30 30 30 30 31 22 03 15 10 15 00 1B 95 EE FF"));

        byte[] answer = new byte[64];
        int length = 0;
        for (int i = 0; i < 10 && length < 13; i++) length += adapter.Read(answer.AsSpan(length), TimeSpan.FromSeconds(1));
        Assert.Equal("A5 5A 02 13 03 00 01 00 00 00 00 EE FF", BoxRig.Text(answer[..length]));
        Assert.Equal("bus-9", rig.Goyo.Status()[0].Peer);
        Assert.Equal(["ok", "ok"], rig.Rings.Find("bus-9")!.Since(0).Select(f => f.Verdict));
        lines.Stop();
    }
}
