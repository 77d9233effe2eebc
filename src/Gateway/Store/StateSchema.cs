namespace Gateway.Store;

/// <summary>Tables of <c>state.db</c>; what each is for stands in FORMAT.md.</summary>
internal static class StateSchema
{
    public const string Version1 = """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE journal(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);
        CREATE INDEX journal_kind ON journal(kind, seq);
        CREATE TABLE alarm(id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, seq INTEGER NOT NULL, open INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
        CREATE INDEX alarm_seq ON alarm(seq);
        CREATE INDEX alarm_open ON alarm(number) WHERE open = 1;
        CREATE TABLE presence(device TEXT PRIMARY KEY, state INTEGER NOT NULL, cause TEXT NOT NULL, interval_from_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE presence_interval(device TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, state INTEGER NOT NULL, cause TEXT NOT NULL, seq INTEGER NOT NULL);
        CREATE INDEX presence_interval_to ON presence_interval(to_ms);
        CREATE TABLE work_day(device TEXT PRIMARY KEY, day_from_ms INTEGER NOT NULL, working_ms INTEGER NOT NULL, certified_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE lane_one(seq INTEGER PRIMARY KEY, lines INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE cursor(target TEXT NOT NULL, lane TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY(target, lane)) WITHOUT ROWID;
        CREATE TABLE quarantine(id INTEGER PRIMARY KEY, target TEXT NOT NULL, lane TEXT NOT NULL, at_ms INTEGER NOT NULL, line BLOB NOT NULL, words TEXT NOT NULL);
        CREATE TABLE account(name TEXT PRIMARY KEY, role TEXT NOT NULL, salt BLOB NOT NULL, iterations INTEGER NOT NULL, hash BLOB NOT NULL, created_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE session(token_hash BLOB PRIMARY KEY, account TEXT NOT NULL, role TEXT, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE token(id TEXT PRIMARY KEY, name TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE, role TEXT NOT NULL, created_by TEXT NOT NULL, created_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE link(token_hash BLOB PRIMARY KEY, account TEXT, role TEXT NOT NULL, expires_ms INTEGER NOT NULL, setup INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Passwords of devices and other MQTT clients.</summary>
    public const string Version2 = """
        CREATE TABLE device_password(id TEXT PRIMARY KEY, salt BLOB NOT NULL, iterations INTEGER NOT NULL, hash BLOB NOT NULL, set_ms INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>The uplink tells sent from settled, and what a target should hold.</summary>
    public const string Version3 = """
        ALTER TABLE cursor ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE cursor ADD COLUMN started TEXT;
        UPDATE cursor SET settled = next;
        CREATE TABLE backlog(target TEXT NOT NULL, from_line INTEGER NOT NULL, to_line INTEGER NOT NULL, again INTEGER NOT NULL, PRIMARY KEY(target, from_line, again)) WITHOUT ROWID;
        ALTER TABLE quarantine ADD COLUMN replay INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX quarantine_replay ON quarantine(target, id) WHERE replay = 1;
        CREATE TABLE settled_hour(target TEXT NOT NULL, hour_ms INTEGER NOT NULL, from_line INTEGER NOT NULL, to_line INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL, PRIMARY KEY(target, hour_ms)) WITHOUT ROWID;
        CREATE TABLE settled_count(target TEXT NOT NULL, hour_ms INTEGER NOT NULL, measurement TEXT NOT NULL, field TEXT NOT NULL, points INTEGER NOT NULL, PRIMARY KEY(target, hour_ms, measurement, field)) WITHOUT ROWID;
        """;

    /// <summary>What bureaus were told, and what it was computed from.</summary>
    public const string Version4 = """
        CREATE TABLE bureau_report(bureau TEXT NOT NULL, mn TEXT NOT NULL, cn INTEGER NOT NULL, at_ms INTEGER NOT NULL, to_line INTEGER NOT NULL, means TEXT NOT NULL, cp TEXT NOT NULL, PRIMARY KEY(bureau, mn, cn, at_ms)) WITHOUT ROWID;
        """;

    /// <summary>The first version that knows working time and keeps ledgers; readers may meet an older copy.</summary>
    public const int WorkSince = 5;

    /// <summary>When machines worked, requests for the lifecycle log, every ledger that held.</summary>
    public const string Version5 = """
        CREATE TABLE work_interval(seq INTEGER PRIMARY KEY, device TEXT NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, operator TEXT, evidence TEXT);
        CREATE INDEX work_interval_to ON work_interval(to_ms);
        CREATE TABLE work_open(device TEXT PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, operator TEXT, evidence TEXT) WITHOUT ROWID;
        CREATE TABLE lifecycle_request(id TEXT PRIMARY KEY, body BLOB NOT NULL, at_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, decision TEXT, decided_by TEXT, decided_ms INTEGER, entry_seq INTEGER) WITHOUT ROWID;
        CREATE TABLE ledger_version(sha256 TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>For which slots of the last days data came.</summary>
    public const string Version6 = """
        CREATE TABLE data_day(device TEXT NOT NULL, day_from_ms INTEGER NOT NULL, slot_ms INTEGER NOT NULL, received BLOB NOT NULL, valid BLOB NOT NULL, told_ms INTEGER, told_expected INTEGER, told_received INTEGER, told_valid INTEGER, PRIMARY KEY(device, day_from_ms)) WITHOUT ROWID;
        """;
}
