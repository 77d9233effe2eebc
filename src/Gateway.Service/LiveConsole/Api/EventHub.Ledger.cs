namespace Gateway.Service.LiveConsole.Api;

internal sealed partial class EventHub
{
    private string? _ledgerSeen;
    private string? _ledgerSent;

    /// <summary>Another ledger is in force: who keeps a list of devices needs a fresh snapshot. Said a second later, so that every snapshot has the devices by then.</summary>
    private void OfferLedger()
    {
        string hash = _reporter.LedgerHash;
        _ledgerSent ??= hash;
        if (hash == _ledgerSeen && hash != _ledgerSent)
        {
            _ledgerSent = hash;
            Offer(Encode("ledger", new LedgerEventDto(hash), ApiJson.Default.LedgerEventDto));
        }
        _ledgerSeen = hash;
    }
}
