using Gateway.Diagnostics;
using Gateway.Domain.Compliance;
using Gateway.Domain.Reports;
using Gateway.Reports;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Service.LiveConsole.Accounts;

/// <summary>Makes reports for those who ask over HTTP: on the thread pool, <see cref="AtOnce"/> at a time, so that neither devices nor other readers wait for a month of them.</summary>
/// <remarks>Who leaves is not worked for any longer. Large answers lie in a temporary file until they are sent: a slow reader keeps no seat and no memory.</remarks>
internal sealed class ReportDesk(GatewayConfiguration configuration, LedgerReload reload, GatewayClock clock) : IDisposable
{
    public const int AtOnce = 2;
    public const int WaitingMax = 8;

    private const int MemoryBytes = 1 << 20;

    private readonly SemaphoreSlim _seats = new(AtOnce, AtOnce);
    private int _waiting;

    public ReportCache Cache { get; } = new();

    public TimeZoneInfo Zone => Model.Ledger.Site.TimeZone;

    public SiteModel Model => reload.Model;

    public string StatePath => configuration.Store.StatePath;

    public long NowMs() => clock.NowMs();

    /// <summary>Runs something that reads the store, when its turn comes.</summary>
    public async Task<IResult> InTurnAsync(HttpContext http, Func<CancellationToken, IResult> answer)
    {
        var left = http.RequestAborted;
        try
        {
            if (Interlocked.Increment(ref _waiting) > AtOnce + WaitingMax) return Later(http);
            await _seats.WaitAsync(left);
            try
            {
                return await Task.Run(() => answer(left), left);
            }
            finally
            {
                _seats.Release();
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        catch (Exception refused) when (refused is StoreException or IOException)
        {
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, $"the accounts cannot be read now: {refused.Message}");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Answers with a report in some form.</summary>
    /// <param name="form">What tells this form from others of the same window.</param>
    /// <param name="asOf">Row of the chain; null: now.</param>
    public Task<IResult> ReportAsync(HttpContext http, AccountWindow window, string form, long? asOf, ReportBody body, Action<SiteReport, Stream> write) => InTurnAsync(http, left =>
    {
        var model = Model;
        bool over = asOf is not null || window.ToMs <= clock.NowMs();
        var key = new ReportKey(WindowText.Of(window), form, model.LedgerSha256, asOf ?? (over ? ReportMoment.NewestRow(StatePath, window) : 0), asOf is not null);
        if (over && Cache.Find(key, clock.NowMs()) is { } known) return body.Of(known);
        left.ThrowIfCancellationRequested();
        var (ledger, sha256) = ReportLedger.At(configuration, model, asOf);
        var taken = ReportSource.Take(StatePath, configuration.Gateway.Id, ledger, sha256, window);
        left.ThrowIfCancellationRequested();
        if (ReportMoment.Of(StatePath, taken, asOf) is not { } input) return ApiProblem.Of(StatusCodes.Status404NotFound, $"asOf: the chain has no row {asOf}; its newest is {taken.Evidence.HeadSeq}");
        var report = SiteReport.Of(input);
        left.ThrowIfCancellationRequested();
        var spool = new FileBufferingWriteStream(MemoryBytes);
        write(report, spool);
        if (spool.Length > ReportCache.ItemBytesMax) return body.Of(spool);
        using var held = new MemoryStream((int)spool.Length);
        using (spool) spool.DrainBufferAsync(held, left).GetAwaiter().GetResult();
        byte[] bytes = held.ToArray();
        if (over) Cache.Keep(key, bytes, clock.NowMs());
        return body.Of(bytes);
    });

    public void Dispose() => _seats.Dispose();

    private static IResult Later(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "2";
        return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, $"{AtOnce} reports are being made and {WaitingMax} wait: ask again in two seconds");
    }
}
