using System.Collections.Concurrent;
using Gateway.Decoding;
using Gateway.Domain.Ledger;
using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>One MN, whoever carries it: its route, what it is asked, what came from it. It outlives its connections.</summary>
internal sealed class Hj212Device(string mn, DeviceRoute route, Hj212Dialogue dialogue)
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public string Mn => mn;

    public DeviceRoute Route => route;

    /// <summary>Of the directory when <see cref="Route"/> was last found to be right.</summary>
    public int Version { get; set; }

    public Hj212Dialogue Dialogue => dialogue;

    /// <summary>The conversation that brought its last frame; requests go out over it.</summary>
    public Hj212Talk? Owner { get; set; }

    /// <summary>By which rule its last sound checksum was right.</summary>
    public Hj212CrcVerdict Crc { get; private set; }

    public bool Believes(Hj212CrcVerdict crc) => Believes(route.Device?.Hj212.Crc ?? Hj212CrcRule.Any, crc);

    public void Count(string what) => _counts.AddOrUpdate(what, 1, static (_, n) => n + 1);

    public void Took(Hj212CrcVerdict crc)
    {
        Crc = crc;
        Count(crc == Hj212CrcVerdict.Wrong ? "crcIgnored" : "ok");
    }

    public Hj212DeviceStatus Status(long nowMs)
    {
        var (gaps, refused, givenUp) = dialogue.Recall;
        return new Hj212DeviceStatus(mn, route.Id, route.Device is not null, Owner?.Peer, dialogue.HeardMs == 0 ? null : Math.Max(0, nowMs - dialogue.HeardMs), dialogue.Version.ToString(), Crc.ToString(),
            new SortedDictionary<string, long>(_counts, StringComparer.Ordinal), dialogue.Open, dialogue.Requests, dialogue.Refusal, dialogue.SkewMs,
            [.. gaps.Select(g => new Hj212OpenGap(DateTimeOffset.FromUnixTimeMilliseconds(g.FromMs), DateTimeOffset.FromUnixTimeMilliseconds(g.ToMs), (int)g.Cn))], refused, givenUp);
    }

    internal static bool Believes(Hj212CrcRule rule, Hj212CrcVerdict crc) => rule switch
    {
        Hj212CrcRule.Standard => crc == Hj212CrcVerdict.Standard,
        Hj212CrcRule.Modbus => crc is Hj212CrcVerdict.ModbusHighFirst or Hj212CrcVerdict.ModbusLowFirst,
        Hj212CrcRule.None => true,
        _ => crc != Hj212CrcVerdict.Wrong,
    };
}
