using Gateway.Access;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>The cookie a browser holds while somebody is signed in; it ends with the browser, the session behind it when the store says so.</summary>
internal static class SessionCookie
{
    public const string Name = "gateway-session";

    public static void Set(HttpContext http, string token) => http.Response.Cookies.Append(Name, token, Options(http));

    public static void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http));

    public static bool TryHash(HttpRequest request, out byte[] hash) => AccessTokens.TryHash(request.Cookies[Name], out hash);

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", Secure = http.Request.IsHttps, IsEssential = true };
}
