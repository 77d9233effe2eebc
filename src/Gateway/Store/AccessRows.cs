using Gateway.Access;
using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary>How people, tokens and links stand in their tables: the same for the writer and the readers.</summary>
internal static class AccessRows
{
    public const string Account = "SELECT name, role, salt, iterations, hash, created_ms FROM account";
    public const string Token = "SELECT id, name, role, created_by, created_ms FROM token";
    public const string DevicePassword = "SELECT id, salt, iterations, hash, set_ms FROM device_password";
    public const string DevicePasswordsVersion = "device_passwords_version";
    public const string Link = "SELECT account, role, expires_ms, setup FROM link WHERE token_hash = ?";

    public static Account AccountOf(SqliteStatement row) =>
        new(row.Text(0), RoleOf(row.Text(1)), new PasswordHash(row.Blob(2).ToArray(), (int)row.Long(3), row.Blob(4).ToArray()), row.Long(5));

    public static ApiToken TokenOf(SqliteStatement row) => new(row.Text(0), row.Text(1), RoleOf(row.Text(2)), row.Text(3), row.Long(4));

    public static OneTimeLink LinkOf(SqliteStatement row) => new(row.TextOrNull(0), RoleOf(row.Text(1)), row.Long(2), row.Long(3) == 1);

    public static DevicePassword DevicePasswordOf(SqliteStatement row) =>
        new(row.Text(0), new PasswordHash(row.Blob(1).ToArray(), (int)row.Long(2), row.Blob(3).ToArray()), row.Long(4));

    public static T? One<T>(this SqliteStatement row, Func<SqliteStatement, T> read) where T : class
    {
        var found = row.Step() ? read(row) : null;
        row.Reset();
        return found;
    }

    public static List<T> All<T>(this SqliteStatement rows, Func<SqliteStatement, T> read)
    {
        var list = new List<T>();
        while (rows.Step()) list.Add(read(rows));
        rows.Reset();
        return list;
    }

    public static long Number(this SqliteStatement row)
    {
        long value = row.Step() ? row.Long(0) : 0;
        row.Reset();
        return value;
    }

    /// <summary>A word nobody here wrote gives the least, never the most.</summary>
    public static Role RoleOf(string word) => Roles.TryRead(word, out var role) ? role : Role.Viewer;
}
