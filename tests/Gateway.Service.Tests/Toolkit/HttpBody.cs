using System.Globalization;
using System.Text;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Reads the body of one HTTP/1.1 request that says its length.</summary>
internal static class HttpBody
{
    /// <returns>Null at the end of the connection.</returns>
    public static async Task<byte[]?> ReadAsync(Stream stream)
    {
        int length = -1;
        for (bool first = true; ; first = false)
        {
            string? line = await LineAsync(stream);
            if (line is null) return first ? null : throw new IOException("the request ended in its headers");
            if (line.Length == 0) break;
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(line[15..], CultureInfo.InvariantCulture);
        }
        if (length < 0) throw new IOException("a request without Content-Length");
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return body;
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
