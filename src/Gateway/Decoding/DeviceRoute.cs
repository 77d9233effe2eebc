using System.Buffers;
using System.Text;
using Gateway.Domain.Ledger;
using Gateway.Protocols.LineProtocol;

namespace Gateway.Decoding;

/// <summary>A device as the links see it: its number for the engine, its profile, and the ready-made parts of its lines.</summary>
public sealed class DeviceRoute
{
    public DeviceRoute(int index, string id, string site, Device? device, WireProfile profile)
    {
        (Index, Id, Device, Profile) = (index, id, device, profile);
        var prefix = new ArrayBufferWriter<byte>();
        LineWriter.EscapeName(prefix, profile.Device.Measurement);
        prefix.Write(",site="u8);
        LineWriter.EscapeName(prefix, site);
        prefix.Write(","u8);
        LineWriter.EscapeName(prefix, profile.Device.DeviceTag);
        prefix.Write("="u8);
        LineWriter.EscapeName(prefix, id);
        // Kept and marked, never counted: whoever reads the store can tell them apart.
        if (device is null) prefix.Write(",registered=no"u8);
        prefix.Write(" "u8);
        LinePrefix = prefix.WrittenSpan.ToArray();
        FieldNames = [.. profile.Device.Fields.Select(f => Name(f.Name))];
    }

    public int Index { get; }

    public string Id { get; }

    /// <summary>The ledger's entry; null for an unregistered device.</summary>
    public Device? Device { get; }

    public WireProfile Profile { get; }

    /// <summary><c>measurement,site=…,device=… </c> with the closing space.</summary>
    public byte[] LinePrefix { get; }

    /// <summary><c>,name=</c> of each slot.</summary>
    public byte[][] FieldNames { get; }

    /// <summary>Gives each point of the device's series a time of its own. Guarded by the ingest buffer's lock.</summary>
    public SeriesClock Clock { get; } = new();

    private static byte[] Name(string name)
    {
        var escaped = new ArrayBufferWriter<byte>();
        LineWriter.EscapeName(escaped, name);
        return [(byte)',', .. escaped.WrittenSpan, (byte)'='];
    }

    public override string ToString() => Encoding.UTF8.GetString(LinePrefix);
}
