namespace Gateway.Access;

/// <summary>The form of an account's name: 1–64 letters or digits of any script, and <c>. _ - @</c>; kept in lower case, so that <c>Admin</c> and <c>admin</c> are one person.</summary>
/// <remarks>A colon never occurs: <c>token:…</c>, <c>guest:…</c> and <c>cli:…</c> in the audit cannot be imitated by an account.</remarks>
public static class AccountName
{
    public const int LengthMax = 64;

    public static bool TryRead(string? text, out string name)
    {
        name = text?.Trim().ToLowerInvariant() ?? "";
        return name.Length is > 0 and <= LengthMax && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '@');
    }
}
