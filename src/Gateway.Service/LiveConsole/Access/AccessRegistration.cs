using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Engine;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Puts identities, policies and the people's endpoints into an application.</summary>
internal static class AccessRegistration
{
    /// <summary>Needs <c>EngineStage</c>, <c>StateReader</c> and <c>GatewayClock</c> from the container. The engine must run before the first request.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<AccessWriter>().AddSingleton<SessionRenewal>().AddSingleton<SignInThrottle>().AddSingleton<SignInDesk>();
        // The process brings its own: devices sign in before the same seat.
        services.TryAddSingleton<PasswordWork>();
        services.AddSingleton(s => new RefusalAudit(s.GetRequiredService<EngineStage>(), s.GetRequiredService<GatewayClock>(), "session.refused", "", s.GetRequiredService<ILogger<RefusalAudit>>()));
        services.AddSingleton<AccessHouse>().AddHostedService(s => s.GetRequiredService<AccessHouse>());
        // The core alone: the rest of AddAuthentication is data protection, and writes a key ring nobody here uses.
        services.AddAuthenticationCore(o =>
        {
            o.AddScheme<GatewayAuthentication>(GatewayAuthentication.Scheme, null);
            o.DefaultScheme = GatewayAuthentication.Scheme;
        });
        services.AddTransient<GatewayAuthentication>();
        services.AddAuthorization(o => o.AddAccessPolicies());
        return services;
    }

    /// <summary>Sessions, users, tokens and the audit under <c>/api/v1</c>.</summary>
    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.AddEndpointFilter(KeepOutOfCaches);
        api.AddEndpointFilter(AccessWriter.AnswerRefusal);
        api.WithMetadata(new BodyLimit(RequestBody.BytesMax));
        api.MapSession();
        api.MapUsers();
        api.MapTokens();
        api.MapAudit();
        return app;
    }

    private static ValueTask<object?> KeepOutOfCaches(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
