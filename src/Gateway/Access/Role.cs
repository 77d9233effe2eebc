namespace Gateway.Access;

/// <summary>What someone may do; each role includes the ones before it. A regulator is a <see cref="Viewer"/>.</summary>
public enum Role
{
    Viewer = 1,
    Crew,
    Safety,
    Administrator,
}

/// <summary>Roles as words, and which includes which.</summary>
public static class Roles
{
    public const string Words = "viewer, crew, safety or administrator";

    public static bool Includes(this Role held, Role needed) => held >= needed;

    public static string Word(this Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.Crew => "crew",
        Role.Safety => "safety",
        Role.Administrator => "administrator",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "not a role"),
    };

    /// <returns>False when the word is not one of <see cref="Words"/>.</returns>
    public static bool TryRead(string? word, out Role role)
    {
        role = word switch
        {
            "viewer" => Role.Viewer,
            "crew" => Role.Crew,
            "safety" => Role.Safety,
            "administrator" => Role.Administrator,
            _ => default,
        };
        return role != default;
    }
}
