using System.Globalization;
using System.Text;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>One HTTP/1.1 request that says its length, if it has a body.</summary>
/// <param name="Lane">The header <c>X-Gateway-Lane</c>.</param>
internal sealed record HttpBody(string Method, string Lane, byte[] Body)
{
    /// <returns>Null at the end of the connection.</returns>
    public static async Task<HttpBody?> ReadAsync(Stream stream)
    {
        int length = 0;
        string? method = null;
        string lane = "";
        while (true)
        {
            string? line = await LineAsync(stream);
            if (line is null) return method is null ? null : throw new IOException("the request ended in its headers");
            if (line.Length == 0) break;
            method ??= line[..line.IndexOf(' ', StringComparison.Ordinal)];
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(line[15..], CultureInfo.InvariantCulture);
            if (line.StartsWith("X-Gateway-Lane:", StringComparison.OrdinalIgnoreCase)) lane = line[15..].Trim();
        }
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return new HttpBody(method ?? "", lane, body);
    }

    private static async Task<string?> LineAsync(Stream stream)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
        return null;
    }
}
