using System.Net;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Lifecycle;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Gateway.Service.LiveConsole.Accounts;
using Gateway.Service.LiveConsole.Api;
using Gateway.Service.LiveConsole.Mqtt;
using Gateway.Service.LiveConsole.Patrol;

namespace Gateway.Service.LiveConsole;

/// <summary>The web server of people: API, event stream, page. Its own server and thread pool work; nothing of it runs where devices are read.</summary>
internal static class ConsoleServer
{
    public static WebApplication Build(GatewayConfiguration configuration, Action<IServiceCollection> stages, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers).AddSingleton<IHostLifetime, NoLifetime>();
        stages(builder.Services);
        builder.Services.AddSingleton(configuration).AddSingleton<SiteReporter>().AddSingleton<MetricsPage>();
        builder.Services.AddSingleton(s => new EventHub(s.GetRequiredService<EngineStage>(), s.GetRequiredService<SiteReporter>(), s.GetRequiredService<GatewayClock>().Time));
        builder.Services.AddAccess(new AccessOptions
        {
            AnonymousRead = configuration.Console.AnonymousRead,
            AnonymousReadFromAnywhere = configuration.Console.AnonymousReadFromAnywhere,
            SessionHours = configuration.Console.SessionHours,
        });
        builder.Services.AddAccounts().AddPatrol(configuration.Patrol);
        builder.Services.AddSingleton(new AttachmentFolder(configuration.Store.AttachmentsDirectory))
            .AddTransient(s => new LifecycleSteps(s.GetRequiredService<SiteModel>().Ledger, s.GetRequiredService<AttachmentFolder>()));
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi(o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Site gateway console API";
            document.Info.Version = "1";
            return Task.CompletedTask;
        }));
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            o.SerializerOptions.TypeInfoResolverChain.Insert(1, AccessJson.Default);
            o.SerializerOptions.TypeInfoResolverChain.Insert(2, LedgerJson.Default);
            o.SerializerOptions.TypeInfoResolverChain.Insert(3, AccountJson.Default);
            o.SerializerOptions.TypeInfoResolverChain.Insert(4, PatrolViewJson.Default);
            o.SerializerOptions.TypeInfoResolverChain.Insert(5, LifecycleApiJson.Default);
            foreach (var converter in ApiJson.Default.Options.Converters) o.SerializerOptions.Converters.Add(converter);
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = 1024 * 1024;
            k.Listen(IPAddress.Parse(configuration.Console.Address), configuration.Console.Port);
        });
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(SecurityHeaders);
        app.UseAuthentication();
        app.UseAuthorization();
        if (configuration.Mqtt.WebSocket.Enabled) app.UseWebSockets();
        app.MapOpenApi().RequireAuthorization(AccessPolicies.Viewer);
        app.MapHealth();
        app.MapSite();
        app.MapAlarms();
        app.MapLedger();
        app.MapLifecycle();
        app.MapAttachments();
        app.MapUplinks();
        app.MapHistory();
        app.MapAdvice();
        app.MapEvents();
        app.MapEvidence();
        app.MapBuses();
        app.MapFrames();
        app.MapAccounts();
        app.MapPatrol();
        app.MapAccess();
        if (configuration.Mqtt.WebSocket.Enabled) app.MapMqtt();
        app.MapPage();
        return app;
    }

    private static Task SecurityHeaders(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }
}
