using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Store;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Runs a step on the store's one writer and waits until it is on disk, but not for ever.</summary>
internal sealed class AccessWriter(EngineStage engine, GatewayClock clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <exception cref="TimeoutException">The disk takes no writes now; the step may still happen when it does again.</exception>
    /// <exception cref="StoreException">The gateway is stopping; the step did not happen.</exception>
    public async Task<T> WriteAsync<T>(Func<StateStore, long, T> step)
    {
        T result = default!;
        await engine.WriteAsync((state, nowMs) => result = step(state, nowMs)).WaitAsync(Limit, clock.Time);
        return result;
    }

    /// <summary>For the endpoints: what the writer throws becomes 503 with the disk's own words.</summary>
    public static async ValueTask<object?> AnswerRefusal(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (TimeoutException)
        {
            string words = context.HttpContext.RequestServices.GetRequiredService<EngineStage>().StoreFault ?? "it answers too slowly";
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, $"the store takes no writes now, what you asked may still happen later: {words}");
        }
        catch (StoreException refused)
        {
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, refused.Message);
        }
    }
}
