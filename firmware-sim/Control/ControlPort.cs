using System.Text.Json;
using FirmwareSim.Devices;
using FirmwareSim.Wire.Modbus;

namespace FirmwareSim.Control;

/// <summary>
/// The control port: <c>GET /</c> tells how the devices are, <c>POST /commands/{command}</c> is the keyboard for programs.
/// </summary>
internal static class ControlPort
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Starts listening. A port that is taken is an <see cref="IOException"/>.</summary>
    public static async Task<WebApplication> StartAsync(HostPort address, CommandDesk desk, IReadOnlyList<Device> devices, SerialBus bus)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address.ToListenAddress()!));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        WebApplication app = builder.Build();
        app.UseRouting();
        app.MapGet("/", context => WriteStatusAsync(context, StatusView.Of(devices, bus)));
        app.MapPost("/commands/{command}", context => ExecuteAsync(context, desk));
        await app.StartAsync();
        return app;
    }

    private static Task WriteStatusAsync(HttpContext context, StatusView status)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, status, StatusJson.Default.StatusView, context.RequestAborted);
    }

    private static Task ExecuteAsync(HttpContext context, CommandDesk desk)
    {
        IQueryCollection query = context.Request.Query;
        string command = (string)context.Request.RouteValues["command"]!;
        var request = new CommandRequest(command, query["target"], query["seconds"], query["value"]);
        if (desk.Execute(request) is not { } problem)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(problem + "\n", context.RequestAborted);
    }
}
