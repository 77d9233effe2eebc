using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>Which changes a running gateway cannot take over: what a broker was asked for, what a Sparkplug birth announced, and serial lines on which devices speak by themselves.</summary>
internal static class LedgerRestart
{
    /// <param name="was">The entry in force; null = it was not there.</param>
    /// <param name="becomes">The entry to be in force; null = it will not be there.</param>
    /// <returns>The change, with the reason among its consequences where it waits for a restart.</returns>
    public static LedgerChange Judge(LedgerChange change, object? was, object? becomes)
    {
        var why = (was ?? becomes) switch
        {
            Bus bus => OfBus(bus, becomes as Bus, change),
            Device device => OfDevice(device, becomes as Device, change),
            _ => null,
        };
        return why is null ? change : change with { NeedsRestart = true, Consequences = [.. change.Consequences, why] };
    }

    private static LocalText? OfBus(Bus bus, Bus? becomes, LedgerChange change) =>
        (bus.Protocol != BusProtocol.Modbus || (becomes ?? bus).Protocol != BusProtocol.Modbus) && !IsOnly(change, "name")
            ? new($"总线 {bus.Id} 上设备主动上报：需要重启才能生效", $"devices of bus {bus.Id} speak by themselves: it needs a restart") : null;

    private static LocalText? OfDevice(Device device, Device? becomes, LedgerChange change)
    {
        // One that leaves is no longer listened to; that its topics are still subscribed to does no harm.
        bool moves = change.What == LedgerChangeKind.Added || (change.What == LedgerChangeKind.Changed && change.Members.Any(m => m.Member is "link" or "broker" or "address"));
        bool speaksOtherwise = change.What != LedgerChangeKind.Changed || change.Members.Any(m => m.Member is "link" or "broker" or "address" or "kind" or "profile");
        if (Any(d => d.Link == LinkKind.Sparkplug) && speaksOtherwise) return new($"Sparkplug 设备 {device.Id} 需要重启才能生效", $"Sparkplug device {device.Id} needs a restart");
        if (Any(d => d.Broker is not null) && moves) return new($"设备 {device.Id} 在其他消息服务器之后，需要重启才能重新订阅", $"device {device.Id} is behind a broker: subscribing needs a restart");
        return null;

        bool Any(Func<Device, bool> holds) => holds(device) || (becomes is not null && holds(becomes));
    }

    private static bool IsOnly(LedgerChange change, string member) => change.What == LedgerChangeKind.Changed && change.Members.All(m => m.Member == member);
}
