// Small, complete examples of API.md's shapes; each test changes only what it is about.
import type { Alarm, Device, Share, Site, Snapshot, Value } from '../src/api/contract';
import type { Sample } from '../src/clock';

export const NOW = '2026-11-21T14:03:07.000Z';
export const nowMs = Date.parse(NOW);
export const at = (ms: number): Sample => ({ mono: ms, wall: nowMs + ms });
export const later = (ms: number): string => new Date(nowMs + ms).toISOString();

const name = { zh: '名', en: 'name' };
const share: Share = { numerator: 1, denominator: 1, rate: '100.000', met: true, missing: [] };

export const value = (over: Partial<Value> = {}): Value => ({ field: 'load_t', unit: 't', value: 2.4, quality: 'good', receivedAt: NOW, ...over });

export const device = (over: Partial<Device> = {}): Device => ({
  id: 'crane-1', name, kind: 'crane', profile: 'crane-json', safety: true, link: 'mqtt', bus: null, broker: null,
  presence: { state: 'online', cause: null, since: NOW, ladder: [], flapsLastHour: 0, expectedMs: 2_000, offlineAfterMs: 6_000, onlineTodayMs: 0, requiredTodayMs: 0 },
  lastMessageAt: NOW, values: [value()], openAlarms: 0, ...over,
});

export const alarm = (over: Partial<Alarm> = {}): Alarm => ({
  id: 'a1', seq: 10, rule: 'crane/moment-high', severity: 'high', subject: { kind: 'device', id: 'crane-1', name }, title: name, advice: name,
  state: 'unacked', cause: null, root: null, raisedAt: NOW, changedAt: NOW, ackedAt: null, ackedBy: null, note: null, returnedAt: null,
  value: 112, limit: 100, count: 1, ...over,
});

export const site = (over: Partial<Site> = {}): Site => ({
  gateway: { id: 'g', version: '0', startedAt: NOW, now: NOW, lastEnd: 'shutdown' },
  site: { id: 's', name, timeZone: 'Asia/Shanghai', class: 'green' },
  compliance: {
    devices: { ...share, today: { onlineMs: 1, requiredMs: 1, rate: '100.000' } },
    operators: { ...share, workingMs: 0, certifiedMs: 0 },
    insurance: { ...share, validTo: null },
  },
  frontiers: { received: 0, committed: 0, settled: null },
  uplinks: [], brokers: [], store: { telemetryBytes: 0, budgetBytes: 1, droppedLines: 0, oldestAt: null }, ...over,
});

export const snapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  seq: 10, now: NOW, site: site(), devices: [device()], unregistered: [], alarms: [], ...over,
});
