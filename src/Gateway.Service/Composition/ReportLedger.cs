using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Reports;
using Gateway.Store;

namespace Gateway.Service.Composition;

/// <summary>The ledger a report rests on: not the one of today, but the one that held when its chain ended.</summary>
internal static class ReportLedger
{
    /// <param name="current">Is taken where the chain names no other, or the store has kept no text of it (stores from before version 5).</param>
    /// <param name="asOfSeq">Last row that counts; null: the newest.</param>
    /// <exception cref="StoreException">The store cannot be read, or the ledger of then cannot be read any more.</exception>
    public static (SiteLedger Ledger, string Sha256) At(GatewayConfiguration configuration, SiteModel current, long? asOfSeq)
    {
        if (LedgerVersions.At(configuration.Store.StatePath, asOfSeq) is not { Utf8: { } utf8 } kept || kept.Sha256 == current.LedgerSha256) return (current.Ledger, current.LedgerSha256);
        return (Read(kept.Sha256, utf8, current), kept.Sha256);
    }

    /// <summary>The ledger of a hash, to prove a report against; null where it is neither the current one nor kept.</summary>
    /// <exception cref="StoreException">The store cannot be read, or the ledger cannot be read any more.</exception>
    public static SiteLedger? Of(GatewayConfiguration configuration, SiteModel current, string sha256) =>
        sha256 == current.LedgerSha256 ? current.Ledger : LedgerVersions.Find(configuration.Store.StatePath, sha256) is { } utf8 ? Read(sha256, utf8, current) : null;

    private static SiteLedger Read(string sha256, byte[] utf8, SiteModel current)
    {
        var problems = new Problems();
        var ledger = LedgerReader.Read($"ledger {sha256}", utf8, current.Profiles.KindsByProfile, problems);
        return ledger is not null && !problems.Any ? ledger : throw new StoreException(0, $"the ledger that held then cannot be read any more: {string.Join("; ", problems.Items)}");
    }
}
