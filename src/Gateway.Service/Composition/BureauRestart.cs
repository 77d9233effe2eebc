using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;

namespace Gateway.Service.Composition;

/// <summary>A bureau is told of devices as they were at the start: what its reports are made of waits for the next one.</summary>
internal static class BureauRestart
{
    public static LedgerChange Judge(GatewayConfiguration configuration, LedgerChange change)
    {
        if (change is not { Kind: "device", What: LedgerChangeKind.Changed } || !change.Members.Any(m => m.Member is "kind" or "profile" or "expectedIntervalSeconds" or "offlineAfterSeconds")) return change;
        if (configuration.Bureau.FirstOrDefault(b => b.Devices.Any(d => d.Device == change.Id)) is not { } bureau) return change;
        var why = new LocalText($"设备 {change.Id} 上报监管平台 {bureau.Name}：需要重启才能生效", $"device {change.Id} is reported to bureau {bureau.Name}: it needs a restart");
        return change with { NeedsRestart = true, Consequences = [.. change.Consequences, why] };
    }
}
