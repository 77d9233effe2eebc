using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;

namespace Gateway.Service.Composition;

internal sealed partial record SiteModel
{
    /// <summary>The same site with another ledger; profiles and rules stay those in force, whatever their files say by now.</summary>
    /// <returns>Null when anything is wrong; then <paramref name="problems"/> says everything that is.</returns>
    public SiteModel? With(GatewayConfiguration configuration, LedgerDocument candidate, Problems problems)
    {
        var found = new Problems();
        var ledger = Check(candidate, configuration, Profiles, found);
        foreach (var problem in found.Items.Select(candidate.Relocate)) problems.Add(problem.File, problem.Place, problem.Text);
        return found.Any || ledger is null ? null : this with { Ledger = ledger with { Brokers = Ledger.Brokers }, Document = candidate };
    }
}
