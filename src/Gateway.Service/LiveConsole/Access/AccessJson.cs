using System.Text.Json.Serialization;
using Gateway.Engine.Views;

namespace Gateway.Service.LiveConsole.Access;

internal sealed record SignInBody(string? User, string? Password);

internal sealed record LinkBody(string? Token, string? User, string? Password);

internal sealed record UserBody(string? Name, string? Role, string? Password);

internal sealed record TokenBody(string? Name, string? Role);

internal sealed record SessionView(string? User, string? Role, bool Anonymous, bool SetupNeeded);

internal sealed record UserView(string Name, string Role, DateTimeOffset CreatedAt);

internal sealed record UserList(IReadOnlyList<UserView> Items);

/// <param name="Token">The secret, only in the answer that made it.</param>
internal sealed record TokenView(string Id, string Name, string Role, string CreatedBy, DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token);

internal sealed record TokenList(IReadOnlyList<TokenView> Items);

internal sealed record AuditView(long Seq, DateTimeOffset At, string Who, string What, string? Target, string? Detail);

internal sealed record AuditPage(IReadOnlyList<AuditView> Items, string? Next);

/// <summary>The shapes of this part of API.md.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InstantJson)])]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(LinkBody))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(UserList))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(ApiProblem))]
internal sealed partial class AccessJson : JsonSerializerContext;
