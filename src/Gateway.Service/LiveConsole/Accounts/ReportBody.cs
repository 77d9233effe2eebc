using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Gateway.Service.LiveConsole.Accounts;

/// <summary>How a report goes out.</summary>
/// <param name="File">Under which name it is kept; null: it is shown.</param>
internal sealed record ReportBody(string ContentType, string? File = null)
{
    public IResult Of(byte[] bytes) => new Held(this, bytes);

    /// <param name="spool">Is disposed of once it is sent.</param>
    public IResult Of(FileBufferingWriteStream spool) => new Spooled(this, spool);

    private void Head(HttpResponse response, long length)
    {
        response.ContentType = ContentType;
        response.ContentLength = length;
        response.Headers.CacheControl = "no-store";
        if (File is not null) response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = File }.ToString();
    }

    private sealed class Held(ReportBody body, byte[] bytes) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            body.Head(httpContext.Response, bytes.Length);
            await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
        }
    }

    private sealed class Spooled(ReportBody body, FileBufferingWriteStream spool) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await using (spool)
            {
                body.Head(httpContext.Response, spool.Length);
                await spool.DrainBufferAsync(httpContext.Response.Body, httpContext.RequestAborted);
            }
        }
    }
}
