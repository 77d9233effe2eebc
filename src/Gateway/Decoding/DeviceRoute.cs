using System.Buffers;
using System.Text;
using Gateway.Decoding.Forms;
using Gateway.Domain.Ledger;
using Gateway.Protocols.LineProtocol;

namespace Gateway.Decoding;

/// <summary>A device as the links see it: its number for the engine, its profile, and the ready-made parts of its lines.</summary>
public sealed class DeviceRoute
{
    /// <param name="zone">The site's; what a device's clock shows when it writes civil time. Default UTC.</param>
    /// <param name="before">The same device under the ledger before: its series go on, and with the same profile what it reported of its alarms.</param>
    public DeviceRoute(int index, string id, string site, Device? device, WireProfile profile, TimeZoneInfo? zone = null, DeviceRoute? before = null)
    {
        Zone = zone ?? TimeZoneInfo.Utc;
        Clock = before?.Clock ?? new SeriesClock();
        Alarms = before?.Profile == profile ? before.Alarms : new AlarmWords(profile.AlarmWords);
        (Index, Id, Device, Profile) = (index, id, device, profile);
        (LinePrefix, MinutePrefix, HourPrefix, DayPrefix) = (Prefix(site, ""), Prefix(site, "_minute"), Prefix(site, "_hour"), Prefix(site, "_day"));
        CyclePrefix = Prefix(site, "_cycle");
        RecordPrefix = profile.Record is { } record ? Prefix(site, record.Suffix) : [];
        FieldNames = [.. profile.Device.Fields.Select(f => Name(f.Name))];
    }

    /// <summary>Minutes an hour mean is about.</summary>
    public const ushort HourSpan = 60;

    /// <summary>Minutes a day mean is about.</summary>
    public const ushort DaySpan = 1_440;

    /// <summary>Minutes a minute mean is about: as the ledger has it set, else the usual ten.</summary>
    public ushort MinuteSpan => (ushort)(Device?.Hj212.MinuteInterval ?? 10);

    public int Index { get; }

    public string Id { get; }

    /// <summary>The ledger's entry; null for an unregistered device.</summary>
    public Device? Device { get; }

    public WireProfile Profile { get; }

    public TimeZoneInfo Zone { get; }

    /// <summary>What the device has reported of its alarms; empty unless its profile puts words of bits together.</summary>
    public AlarmWords Alarms { get; }

    /// <summary><c>measurement,site=…,device=… </c> with the closing space.</summary>
    public byte[] LinePrefix { get; }

    /// <summary>The series of minute means (HJ 212 CN 2051), kept apart from the live values.</summary>
    public byte[] MinutePrefix { get; }

    /// <summary>Hour means (CN 2061).</summary>
    public byte[] HourPrefix { get; }

    /// <summary>Day means (CN 2031).</summary>
    public byte[] DayPrefix { get; }

    /// <summary>One point for each work cycle (TX101 91 and 9B).</summary>
    public byte[] CyclePrefix { get; }

    /// <summary>One point for each record of the profile (<see cref="WireProfile.Record"/>); empty without one.</summary>
    public byte[] RecordPrefix { get; }

    /// <summary>The series that a decoded message belongs to; null = the device's own.</summary>
    public byte[]? SeriesOf(DecodedMessage message)
    {
        if (Profile.Record is not { } record) return null;
        foreach (var sample in message.Samples)
            if (sample.Slot == record.Slot) return RecordPrefix;
        return null;
    }

    /// <summary><c>,name=</c> of each slot.</summary>
    public byte[][] FieldNames { get; }

    /// <summary>Gives each point of the device's series a time of its own. Guarded by the ingest buffer's lock.</summary>
    public SeriesClock Clock { get; }

    private byte[] Prefix(string site, string suffix)
    {
        var prefix = new ArrayBufferWriter<byte>();
        LineWriter.EscapeName(prefix, Profile.Device.Measurement + suffix);
        prefix.Write(",site="u8);
        LineWriter.EscapeName(prefix, site);
        prefix.Write(","u8);
        LineWriter.EscapeName(prefix, Profile.Device.DeviceTag);
        prefix.Write("="u8);
        LineWriter.EscapeName(prefix, Id);
        // Kept and marked, never counted: whoever reads the store can tell them apart.
        if (Device is null) prefix.Write(",registered=no"u8);
        prefix.Write(" "u8);
        return prefix.WrittenSpan.ToArray();
    }

    private static byte[] Name(string name)
    {
        var escaped = new ArrayBufferWriter<byte>();
        LineWriter.EscapeName(escaped, name);
        return [(byte)',', .. escaped.WrittenSpan, (byte)'='];
    }

    public override string ToString() => Encoding.UTF8.GetString(LinePrefix);
}
