using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Modbus;

/// <summary>What bad units and bad wiring do to a good reply.</summary>
internal static class ModbusSins
{
    private const byte StrangerUnit = 99;
    private const int ByteCountAt = 2;
    private const int FirstWordAt = 3;
    /// <summary>Later than anybody waits for a reply on a pair of wires.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan DripGap = TimeSpan.FromMilliseconds(30);

    /// <param name="number">Counts the unit's replies from 1.</param>
    public static UnitReply Commit(byte[] reply, EffectSet effects, int number)
    {
        byte[] bytes = [.. reply];
        if (effects.Has(EffectKind.LyingLength)) bytes[ByteCountAt] += 2;
        if (effects.Has(EffectKind.WrongCrc) && number % 2 == 0) bytes[^1] ^= 0x5A;
        if (effects.Has(EffectKind.ForeignBytes)) bytes = [0xFF, 0x00, 0x55, .. ModbusCrc.Append([StrangerUnit, 3, 2, 0x12, 0x34]), .. bytes];
        return new UnitReply(bytes,
            Delay: effects.Find(EffectKind.LateReply) is { } late ? late.Value > 0 ? TimeSpan.FromSeconds(late.Value) : Late : TimeSpan.Zero,
            Gap: effects.Has(EffectKind.Drip) ? DripGap : TimeSpan.Zero,
            Second: effects.Has(EffectKind.AddressClash) && reply.Length > FirstWordAt + 2 ? OfTwin(reply) : null);
    }

    /// <summary>The twin measures something else.</summary>
    private static byte[] OfTwin(byte[] reply)
    {
        byte[] body = reply[..^2];
        body[FirstWordAt + 1] ^= 0x0F;
        return ModbusCrc.Append(body);
    }
}
