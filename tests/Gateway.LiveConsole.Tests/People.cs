using Gateway.Access;
using Gateway.Engine;

namespace Gateway.LiveConsole.Tests;

/// <summary>A running application people can be added to.</summary>
internal interface IPeopleHost
{
    EngineStage Engine { get; }

    IServiceProvider Services { get; }

    Client Client();
}

/// <summary>Accounts for tests; everybody has the same password.</summary>
internal static class People
{
    public const string Password = "correct horse";

    public static Task AddAsync(this IPeopleHost console, string name, Role role) =>
        console.Engine.WriteAsync((state, nowMs) => AccountSteps.Add(state, nowMs, "test", name, role, PasswordHash.Make(Password, iterations: 2)));

    /// <summary>A browser in which this person, who is added, has signed in.</summary>
    public static async Task<Client> SignedInAsync(this IPeopleHost console, string name, Role role)
    {
        await console.AddAsync(name, role);
        var client = console.Client();
        Xunit.Assert.Equal(System.Net.HttpStatusCode.OK, (await client.SignInAsync(name, Password)).Status);
        return client;
    }

    /// <summary>What stands in the audit since the people were added, oldest first.</summary>
    public static async Task<List<string>> AuditAsync(this IPeopleHost console)
    {
        // What was written beside an answer is before this in the writer's queue.
        await console.Engine.WriteAsync((_, _) => { });
        var reader = (Store.StateReader)console.Services.GetService(typeof(Store.StateReader))!;
        return [.. reader.Audit(long.MaxValue, 500).Rows.Reverse().Where(r => r.Who != "test").Select(r => $"{r.Who} {r.What} {r.Target ?? "-"}: {r.Detail ?? "-"}")];
    }
}
