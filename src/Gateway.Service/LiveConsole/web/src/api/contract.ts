// The shapes of API.md, version 1, word for word. Change them there first.

export type Text = { zh: string; en: string };
export type Role = 'viewer' | 'crew' | 'safety' | 'administrator';
export type Session = { user: string | null; role: Role | null; anonymous: boolean; setupNeeded: boolean };

export type Missing = { id: string; name: Text; reason: string; since: string | null };
export type Share = { numerator: number; denominator: number; rate: string | null; met: boolean; missing: Missing[] };
export type DeviceShare = Share & { today: { onlineMs: number; requiredMs: number; rate: string | null } };
export type OperatorShare = Share & { workingMs: number; certifiedMs: number };
export type InsuranceShare = Share & { validTo: string | null };
export type Compliance = { devices: DeviceShare; operators: OperatorShare; insurance: InsuranceShare };

export type Uplink = {
  name: string;
  kind: string;
  state: 'ok' | 'retrying' | 'open' | 'refused' | 'idle';
  queuedLines: number;
  lastError: string | null;
};

export type Broker = {
  id: string;
  address: string;
  state: Uplink['state'];
  since: string;
  lastError: string | null;
};

export type Site = {
  gateway: { id: string; version: string; startedAt: string; now: string; lastEnd: string };
  site: { id: string; name: Text; timeZone: string; class: string };
  compliance: Compliance;
  frontiers: { received: number; committed: number; settled: number | null };
  uplinks: Uplink[];
  brokers: Broker[];
  store: { telemetryBytes: number; budgetBytes: number; droppedLines: number; oldestAt: string | null };
};

export type PresenceState = 'online' | 'offline' | 'unknown' | 'notInService';
export type CheckDetail = { check: string; field: string | null; seen: number | null; limit: number; title: Text; advice: Text };
export type Rung = {
  rung: 'link' | 'answering' | 'fresh' | 'plausible' | 'clock';
  ok: boolean | null;
  since: string | null;
  failures: number;
  detail: CheckDetail | null;
};
export type Presence = {
  state: PresenceState;
  cause: string | null;
  since: string;
  ladder: Rung[];
  flapsLastHour: number;
  expectedMs: number;
  offlineAfterMs: number;
  onlineTodayMs: number;
  requiredTodayMs: number;
};

export type Quality = 'good' | 'bad' | 'outOfRange';
export type Value = { field: string; unit: string; value: number | string | null; quality: Quality; receivedAt: string | null };

export type Device = {
  id: string;
  name: Text;
  kind: string;
  profile: string;
  safety: boolean;
  link: string;
  bus: string | null;
  broker: string | null;
  presence: Presence;
  lastMessageAt: string | null;
  values: Value[];
  openAlarms: number;
};

export type Unregistered = {
  link: string;
  address: string;
  kind: string | null;
  firstSeen: string;
  lastSeen: string;
  messages: number;
  sample: string;
};

export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type AlarmState =
  'unacked' | 'acked' | 'returnedUnacked' | 'latchedUnacked' | 'latchedAcked' | 'shelved' | 'suppressed' | 'outOfService' | 'normal';
export type Shelving = { by: string; approvedBy: string | null; reason: string; at: string; until: string; value: number | null };
export type Subject = { kind: 'device' | 'bus' | 'broker' | 'client' | 'gateway' | 'unregistered'; id: string; name: Text };

export type Alarm = {
  id: string;
  seq: number;
  rule: string;
  severity: Severity;
  subject: Subject;
  title: Text;
  advice: Text;
  state: AlarmState;
  cause: string | null;
  root: string | null;
  raisedAt: string;
  changedAt: string;
  ackedAt: string | null;
  ackedBy: string | null;
  note: string | null;
  returnedAt: string | null;
  value: number | null;
  limit: number | null;
  count: number;
  chattering?: boolean;
  shelved?: Shelving;
  shelvingAsked?: Shelving;
};

export type Snapshot = {
  seq: number;
  now: string;
  site: Site;
  devices: Device[];
  unregistered: Unregistered[];
  alarms: Alarm[];
};
export type PresenceChange = { device: string; presence: Presence };
export type Readings = { now: string; devices: { id: string; lastMessageAt: string | null; values: Value[] }[] };
export type SiteChange = { site: Site; unregistered: Unregistered[] };
export type Tick = { now: string; seq: number };
export type AlarmPage = { items: Alarm[]; next: string | null };
