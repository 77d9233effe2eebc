using System.Security.Cryptography;
using Gateway.Domain.Configuration;
using Gateway.Uplink;
using Gateway.Uplink.Sending;

namespace Gateway.Service.Composition;

/// <summary>What the types alone do not say about uplink targets; paths become whole.</summary>
internal static class UplinkCheck
{
    public static void Run(GatewayConfiguration configuration, Problems problems)
    {
        var targets = configuration.Uplink.Targets;
        for (int i = 0; i < targets.Count; i++)
        {
            var (target, place) = (targets[i], $"Uplink.Targets[{i}]");
            CheckKind(target, Say);
            if (!IsHttp(target.Url)) Say("Url", $"expected an address as http://host:8086, saw \"{target.Url}\"");
            if (target.Proxy is { } proxy && !IsHttp(proxy)) Say("Proxy", $"expected an address as http://proxy:3128, saw \"{proxy}\"");
            target.TokenFile = Existing(target.TokenFile, "TokenFile");
            target.ProxyPasswordFile = Existing(target.ProxyPasswordFile, "ProxyPasswordFile");
            target.CaFile = Existing(target.CaFile, "CaFile");
            CheckAuthorities(target, Say);
            if (targets.Take(i).Any(t => t.Name == target.Name)) Say("Name", $"\"{target.Name}\" stands here twice");

            void Say(string member, string what) => problems.Add(configuration.File, $"{place}.{member}", what);

            string? Existing(string? file, string member)
            {
                if (file is null) return null;
                string whole = configuration.Resolve(file);
                if (!File.Exists(whole)) Say(member, $"no such file: {file}");
                return whole;
            }
        }
    }

    private static void CheckKind(UplinkTargetOptions target, Action<string, string> say)
    {
        if (!TargetKind.All.Contains(target.Kind, StringComparer.Ordinal)) say("Kind", $"expected one of {string.Join(", ", TargetKind.All)}, saw \"{target.Kind}\"");
        if (target.Kind is TargetKind.InfluxV1 or TargetKind.InfluxV3 && string.IsNullOrEmpty(target.Database)) say("Database", $"is missing ({target.Kind} writes into a database)");
        if (target.Kind == TargetKind.InfluxV2 && string.IsNullOrEmpty(target.Bucket)) say("Bucket", "is missing (influxdb-v2 writes into a bucket)");
    }

    private static void CheckAuthorities(UplinkTargetOptions target, Action<string, string> say)
    {
        if (target.CaFile is not { } file || !File.Exists(file)) return;
        try
        {
            TargetConnection.Trusting(file);
        }
        catch (Exception unusable) when (unusable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            say("CaFile", $"expected PEM certificates of authorities in {file}: {unusable.Message}");
        }
    }

    private static bool IsHttp(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https");
}
