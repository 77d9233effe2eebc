// How the alarm wall is laid out. Pure.
import type { Alarm, Role, Severity } from './api/contract';

export type Entry = { alarm: Alarm; folded: Alarm[] };

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** By severity, then the longest standing first: a new alarm joins the end of its group and pushes little around. */
export function bySeverityThenAge(a: Alarm, b: Alarm): number {
  return rank(a.severity) - rank(b.severity)
    || Date.parse(a.raisedAt) - Date.parse(b.raisedAt)
    || (a.id < b.id ? -1 : 1);
}

/** Suppressed alarms fold under their root cause; without an open root they stand on their own, so that none is ever out of sight. */
export function arrange(alarms: Iterable<Alarm>): Entry[] {
  const sorted = [...alarms].sort(bySeverityThenAge);
  const roots = new Map(sorted.filter((a) => a.state !== 'suppressed').map((a) => [a.id, { alarm: a, folded: [] as Alarm[] }]));
  const entries: Entry[] = [];
  for (const alarm of sorted) {
    const own = roots.get(alarm.id);
    const root = alarm.root === null ? undefined : roots.get(alarm.root);
    if (own !== undefined) entries.push(own);
    else if (root !== undefined) root.folded.push(alarm);
    else entries.push({ alarm, folded: [] });
  }
  return entries;
}

/** While somebody reads or writes in a row, nothing may slide under the thumb: known rows keep their order, new ones go last. */
export function holdOrder(order: readonly string[], entries: readonly Entry[]): Entry[] {
  const place = new Map(order.map((id, i) => [id, i]));
  const at = (e: Entry): number => place.get(e.alarm.id) ?? order.length;
  return [...entries].sort((a, b) => at(a) - at(b));
}

export function canAcknowledge(alarm: Alarm, role: Role | null): boolean {
  return (alarm.state === 'unacked' || alarm.state === 'returnedUnacked' || alarm.state === 'latchedUnacked') && role !== null && role !== 'viewer';
}

/** Suppressed, put aside or out of service: nobody is asked to look at it now. */
export function isQuiet(alarm: Alarm): boolean {
  return alarm.state === 'suppressed' || alarm.state === 'shelved' || alarm.state === 'outOfService';
}

export function countBySeverity(alarms: Iterable<Alarm>): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const alarm of alarms) if (!isQuiet(alarm)) counts[alarm.severity] += 1;
  return counts;
}

/** Device.openAlarms is as old as the snapshot; the alarms themselves are live. */
export function countByDevice(alarms: Iterable<Alarm>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { subject } of alarms) if (subject.kind === 'device') counts.set(subject.id, (counts.get(subject.id) ?? 0) + 1);
  return counts;
}
