using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Service.LiveConsole;

/// <summary>The page's own files, embedded in the program. They hold no data, so they need no identity.</summary>
internal static class PageEndpoints
{
    private const string Prefix = "web/";

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        var assembly = typeof(PageEndpoints).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string path = resource[Prefix.Length..];
            var file = new PageFile(bytes, TypeOf(path), path.StartsWith("assets/", StringComparison.Ordinal));
            routes.MapGet(path == "index.html" ? "/" : "/" + path, file.ServeAsync).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".json" or ".webmanifest" => "application/json",
        ".png" => "image/png",
        _ => "application/octet-stream",
    };

    /// <param name="immutable">Its name carries its hash: a browser may keep it for ever.</param>
    private sealed class PageFile(byte[] bytes, string type, bool immutable)
    {
        private readonly EntityTagHeaderValue _tag = new(new StringSegment($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));

        public Task ServeAsync(HttpContext context)
        {
            context.Response.Headers.CacheControl = immutable ? "public, max-age=31536000, immutable" : "no-cache";
            return TypedResults.Bytes(bytes, type, entityTag: _tag).ExecuteAsync(context);
        }
    }
}
