import { describe, expect, it } from 'vitest';
import { arrange, canAcknowledge, countByDevice, countBySeverity, holdOrder } from '../src/alarms';
import { alarm, later } from './samples';

const ids = (entries: ReturnType<typeof arrange>): string[] => entries.map((e) => e.alarm.id);

describe('the alarm wall', () => {
  it('orders by severity, then the longest standing first', () => {
    const entries = arrange([
      alarm({ id: 'low', severity: 'low', raisedAt: later(-9_000) }), alarm({ id: 'new', raisedAt: later(-1_000) }),
      alarm({ id: 'old', raisedAt: later(-5_000) }), alarm({ id: 'top', severity: 'critical' }),
    ]);
    expect(ids(entries)).toEqual(['top', 'old', 'new', 'low']);
  });
  it('folds suppressed alarms under their root', () => {
    const [entry] = arrange([alarm({ id: 'child', state: 'suppressed', root: 'bus' }), alarm({ id: 'bus' })]);
    expect(entry?.folded.map((a) => a.id)).toEqual(['child']);
  });
  it('shows a suppressed alarm on its own when its root is not open', () => {
    expect(ids(arrange([alarm({ id: 'child', state: 'suppressed', root: 'gone' })]))).toEqual(['child']);
  });
  it('keeps a row’s place while it is held and puts new ones last', () => {
    const entries = arrange([alarm({ id: 'a' }), alarm({ id: 'b' }), alarm({ id: 'c', severity: 'critical' })]);
    expect(ids(holdOrder(['b', 'a'], entries))).toEqual(['b', 'a', 'c']);
  });
  it('offers acknowledgement to crew and above, and only where there is something to acknowledge', () => {
    expect(canAcknowledge(alarm(), 'crew')).toBe(true);
    expect(canAcknowledge(alarm({ state: 'returnedUnacked' }), 'administrator')).toBe(true);
    expect(canAcknowledge(alarm({ state: 'acked' }), 'crew')).toBe(false);
    expect(canAcknowledge(alarm(), 'viewer')).toBe(false);
    expect(canAcknowledge(alarm(), null)).toBe(false);
  });
  it('counts without what is suppressed', () => {
    expect(countBySeverity([alarm(), alarm({ id: 'x', state: 'suppressed' })])).toMatchObject({ high: 1, critical: 0 });
    expect(countByDevice([alarm(), alarm({ id: 'x' })]).get('crane-1')).toBe(2);
  });
});
