namespace Gateway.Access;

/// <summary>What a new password must be. Length is what counts (NIST SP 800-63B, 3.1.1); the upper limit only bounds the work.</summary>
public static class PasswordRule
{
    public const int LengthMin = 12;
    public const int LengthMax = 256;

    public static bool Allows(string password, string account) =>
        password.Length is >= LengthMin and <= LengthMax && !password.Equals(account, StringComparison.OrdinalIgnoreCase);
}
