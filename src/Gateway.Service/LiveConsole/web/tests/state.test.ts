import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../src/api/contract';
import { initial, mergeValues, reduce, streamState, type Action, type State } from '../src/state';
import { alarm, at, device, later, NOW, nowMs, site, snapshot, value } from './samples';

const after = (...actions: Action[]): State => actions.reduce(reduce, initial);
const begin = (over: Partial<Snapshot> = {}): Action => ({ type: 'snapshot', data: snapshot(over), at: at(0) });

describe('snapshot', () => {
  it('fills the page and sets gateway time', () => {
    const state = after(begin({ alarms: [alarm()] }));
    expect(state).toMatchObject({ connection: 'open', seq: 10, anchor: { gatewayMs: nowMs } });
    expect([...state.alarms.keys()]).toEqual(['a1']);
    expect(state.arrivals.size).toBe(0);
  });
  it('marks as new what was raised while the page was away', () => {
    const state = after(begin({ alarms: [alarm()] }), { type: 'snapshot', data: snapshot({ alarms: [alarm(), alarm({ id: 'a2' })] }), at: at(60_000) });
    expect([...state.arrivals.keys()]).toEqual(['a2']);
  });
  it('forgets alarms that are no longer open', () => {
    const state = after(begin({ alarms: [alarm()] }), begin());
    expect(state.alarms.size).toBe(0);
  });
});

describe('alarm', () => {
  it('appears, is marked as new at gateway time and moves the sequence on', () => {
    const state = after(begin(), { type: 'alarm', data: alarm({ seq: 12 }), at: at(3_000) });
    expect(state.seq).toBe(12);
    expect(state.arrivals.get('a1')).toBe(nowMs + 3_000);
  });
  it('leaves the wall for the cleared list when it closes', () => {
    const state = after(begin({ alarms: [alarm()] }), { type: 'alarm', data: alarm({ seq: 11, state: 'normal' }), at: at(1) });
    expect(state.alarms.size).toBe(0);
    expect(state.cleared.map((a) => a.id)).toEqual(['a1']);
  });
  it('comes back from the cleared list when it is raised again', () => {
    const state = after(begin({ alarms: [alarm({ state: 'acked' })] }),
      { type: 'alarm', data: alarm({ seq: 11, state: 'normal' }), at: at(1) }, { type: 'alarm', data: alarm({ seq: 12 }), at: at(2) });
    expect(state.cleared).toEqual([]);
    expect(state.alarms.has('a1')).toBe(true);
  });
  it('is not undone by an older answer that arrives late', () => {
    const closed = after(begin({ alarms: [alarm()] }), { type: 'alarm', data: alarm({ seq: 12, state: 'normal' }), at: at(1) });
    expect(reduce(closed, { type: 'acknowledged', data: alarm({ seq: 11, state: 'acked' }) })).toBe(closed);
  });
  it('takes the same transition twice without harm', () => {
    const once = after(begin(), { type: 'alarm', data: alarm({ seq: 11 }), at: at(1) });
    const twice = reduce(once, { type: 'alarm', data: alarm({ seq: 11 }), at: at(1) });
    expect(twice).toEqual(once);
  });
  it('keeps the cleared list short', () => {
    let state = after(begin());
    for (let i = 0; i < 30; i += 1) state = reduce(state, { type: 'alarm', data: alarm({ id: `c${i}`, seq: 20 + i, state: 'normal' }), at: at(i) });
    expect(state.cleared).toHaveLength(8);
    expect(state.cleared[0]?.id).toBe('c29');
  });
});

describe('readings, presence, site, tick', () => {
  it('replace what changed and keep every other device the same object', () => {
    const before = after(begin({ devices: [device(), device({ id: 'crane-2' })] }));
    const news = { now: later(1_000), devices: [{ id: 'crane-1', lastMessageAt: later(900), values: [value({ value: 3, receivedAt: later(900) })] }] };
    const state = reduce(before, { type: 'readings', data: news, at: at(1_000) });
    expect(state.devices[0]).toMatchObject({ lastMessageAt: later(900), values: [{ value: 3 }] });
    expect(state.devices[1]).toBe(before.devices[1]);
  });
  it('merge values by field in the profile’s order', () => {
    const old = [value({ field: 'a' }), value({ field: 'b' })];
    expect(mergeValues(old, [value({ field: 'b', value: 9 }), value({ field: 'c' })]).map((v) => [v.field, v.value])).toEqual([['a', 2.4], ['b', 9], ['c', 2.4]]);
  });
  it('change one device’s presence', () => {
    const presence = { ...device().presence, state: 'offline' as const, cause: 'silent' };
    const state = after(begin(), { type: 'presence', data: { device: 'crane-1', presence }, at: at(1) });
    expect(state.devices[0]?.presence.state).toBe('offline');
  });
  it('renew the site and the unregistered list', () => {
    const next = site({ frontiers: { received: 5, committed: 5, settled: 5 } });
    expect(after(begin(), { type: 'site', data: { site: next, unregistered: [] }, at: at(1) }).site).toBe(next);
  });
  it('take a device nobody knows without harm', () => {
    const state = after(begin(), { type: 'readings', data: { now: NOW, devices: [{ id: 'x', lastMessageAt: null, values: [] }] }, at: at(1) });
    expect(state.devices).toHaveLength(1);
  });
});

describe('stream state', () => {
  it('is live for ten seconds after any event and behind from then on', () => {
    const state = after(begin());
    expect(streamState(state, at(10_000))).toBe('live');
    expect(streamState(state, at(10_001))).toBe('behind');
    expect(streamState(reduce(state, { type: 'tick', data: { now: later(9_000), seq: 11 }, at: at(9_000) }), at(12_000))).toBe('live');
  });
  it('is behind after a phone slept, when only the wall clock went on', () => {
    expect(streamState(after(begin()), { mono: 0, wall: nowMs + 60_000 })).toBe('behind');
  });
  it('is reconnecting while the connection is lost and live with the next event', () => {
    const lost = after(begin(), { type: 'connection', data: 'lost' });
    expect(streamState(lost, at(1))).toBe('reconnecting');
    expect(streamState(reduce(lost, { type: 'tick', data: { now: later(2_000), seq: 10 }, at: at(2_000) }), at(2_000))).toBe('live');
  });
  it('leaves nothing of the site on the screen once signed out', () => {
    const state = after(begin({ alarms: [alarm()] }), { type: 'connection', data: 'signedOut' });
    expect(state).toMatchObject({ site: null, devices: [] });
    expect(state.alarms.size).toBe(0);
    expect(streamState(state, at(0))).toBe('signedOut');
  });
});
