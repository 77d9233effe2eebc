namespace Gateway.Access;

/// <summary>A person who may sign in.</summary>
public sealed record Account(string Name, Role Role, PasswordHash Password, long CreatedMs);

/// <summary>Somebody signed in.</summary>
/// <param name="Name">The account; <c>guest:LABEL</c> after a link without one.</param>
/// <param name="Guest">True when no account stands behind it; such a session is not prolonged.</param>
public sealed record Session(string Name, Role Role, bool Guest, long ExpiresMs);

/// <summary>A key for a script or a platform.</summary>
/// <param name="CreatedBy">Who saw it when it was made, and loses it on leaving.</param>
public sealed record ApiToken(string Id, string Name, Role Role, string CreatedBy, long CreatedMs);

/// <summary>A link that lets its holder in, once.</summary>
/// <param name="Account">Whom it signs in; null: a guest, or whoever makes an account with it.</param>
/// <param name="Setup">The link of the first start: it must make an account, and is worth nothing once there is one.</param>
public sealed record OneTimeLink(string? Account, Role Role, long ExpiresMs, bool Setup);

/// <summary>The password of a device or another MQTT client, set by <c>gateway device password</c>.</summary>
/// <param name="Id">As it stands in the ledger.</param>
public sealed record DevicePassword(string Id, PasswordHash Password, long SetMs);

/// <summary>One row of the audit.</summary>
public sealed record AuditEntry(long Seq, long AtMs, string Who, string What, string? Target, string? Detail);
