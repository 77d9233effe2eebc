namespace Gateway.Service.LiveConsole.Access;

/// <summary>What takes two people is asked for by one and agreed to by another, each with an account of their own.</summary>
internal static class TwoPeople
{
    /// <summary>Null for a person; a program's token is nobody, and a guest's link may be in anybody's hands.</summary>
    public static IResult? Refusal(HttpContext http) =>
        http.User.Caller() is { Kind: CallerKind.Session, Name: { } name } && !name.StartsWith("guest:", StringComparison.Ordinal) ? null
            : ApiProblem.Of(StatusCodes.Status403Forbidden, "expected a person with an account of their own: one asks for it and another agrees");
}
