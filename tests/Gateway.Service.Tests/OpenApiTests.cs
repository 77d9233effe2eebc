using System.Text.RegularExpressions;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>API.md is the contract for people, <c>/openapi/v1.json</c> the one for machines.</summary>
public sealed partial class OpenApiTests
{
    [Fact]
    public async Task Every_call_of_the_contract_is_in_the_machine_readable_one()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync();

        var document = await gateway.Console.GetAsync("/openapi/v1.json");

        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}")).ToList();
        var contract = Contract().ToList();
        Assert.True(contract.Count >= 15, $"only {contract.Count} calls were found in API.md");
        // The document need not describe itself, nor what speaks WebSocket. What is deleted or changed is named by one more part of the path.
        var missing = contract.Where(c => c is not ("GET /openapi/v1.json" or "GET /mqtt") && !described.Contains(c) && !described.Any(d => d.StartsWith(c + "/{", StringComparison.Ordinal))).ToList();
        Assert.True(missing.Count == 0, $"missing: {string.Join(", ", missing)}; described: {string.Join(", ", described)}");
    }

    /// <summary><c>| `GET/POST /a`, `/b?x=` | …</c> is GET /a, POST /a, GET /b, POST /b.</summary>
    private static IEnumerable<string> Contract()
    {
        foreach (string row in File.ReadLines(Repository.FileAt("src", "Gateway.Service", "LiveConsole", "API.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal)))
        {
            var calls = Code().Matches(row.Split(" | ")[0]).Select(m => m.Groups[1].Value).ToList();
            if (calls[0].Split(' ') is not [var methods, _]) continue;
            foreach (string call in calls)
                foreach (string method in methods.Split('/')) yield return $"{method} {call.Split(' ')[^1].Split('?')[0]}";
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
