using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Service.LiveConsole.Api;

namespace Gateway.Service.Composition;

/// <summary>What another ledger would change, found without changing anything.</summary>
/// <param name="Model">The site as it would be; null after a problem.</param>
internal sealed record LedgerPreview(LedgerDocument Document, SiteModel? Model, IReadOnlyList<Problem> Problems, IReadOnlyList<LedgerChange> Changes)
{
    /// <param name="current">The site as it is.</param>
    /// <param name="candidate">The other ledger, as it was read.</param>
    public static LedgerPreview Of(GatewayConfiguration configuration, SiteModel? current, LedgerDocument candidate)
    {
        var problems = new Problems();
        var model = current is null ? SiteModel.Load(configuration, problems, candidate) : current.With(configuration, candidate, problems);
        return new LedgerPreview(candidate, model, problems.Items, current is null || model is null ? [] : [.. LedgerComparison.Of(current.Ledger, model.Ledger).Select(c => BureauRestart.Judge(configuration, c))]);
    }

    /// <param name="after">The version as it was written; null = nothing was.</param>
    public LedgerPreviewDto ToDto(string? before, string? after = null, bool applied = false) =>
        new(before, after ?? Document.Sha256, [.. Problems.Select(p => new ProblemDto(p.File, p.Place, p.Text))], [.. Changes.Select(LedgerChangeDto.Of)], Changes.Any(c => c.NeedsRestart), applied);
}
