// What the page knows, and how each event changes it. Pure: no clock, no network, no DOM.
import type {
  Alarm, Device, PresenceChange, Readings, Session, Site, SiteChange, Snapshot, Tick, Unregistered, Value,
} from './api/contract';
import { BEHIND_AFTER_MS, elapsed, gatewayNow, reanchor, type Anchor, type Sample } from './clock';

export type Connection = 'starting' | 'open' | 'lost' | 'signedOut';
export type StreamState = 'starting' | 'live' | 'behind' | 'reconnecting' | 'signedOut';

/** What stands in front of the page: nothing (`open`), or a step of signing in. */
export type Gate =
  | { kind: 'loading' }
  | { kind: 'redeeming' }
  | { kind: 'setup'; token: string }
  | { kind: 'signIn'; problem: Problem | null }
  | { kind: 'open' };
export type Problem = 'signedOut' | 'link' | 'network';

export type State = {
  session: Session | null;
  gate: Gate;
  connection: Connection;
  heardAt: Sample | null;
  anchor: Anchor | null;
  seq: number;
  site: Site | null;
  devices: readonly Device[];
  unregistered: readonly Unregistered[];
  alarms: ReadonlyMap<string, Alarm>;
  /** Gateway time at which an alarm came in after the first snapshot: what the page marks as new. */
  arrivals: ReadonlyMap<string, number>;
  /** Alarms seen to close while the page was open, newest first. */
  cleared: readonly Alarm[];
};

export type Action =
  | { type: 'session'; data: Session }
  | { type: 'gate'; data: Gate }
  | { type: 'connection'; data: Connection }
  | { type: 'acknowledged'; data: Alarm }
  | ({ at: Sample } & (
      | { type: 'snapshot'; data: Snapshot }
      | { type: 'alarm'; data: Alarm }
      | { type: 'presence'; data: PresenceChange }
      | { type: 'readings'; data: Readings }
      | { type: 'site'; data: SiteChange }
      | { type: 'tick'; data: Tick }));

const CLEARED_KEPT = 8;

export const initial: State = {
  session: null, gate: { kind: 'loading' }, connection: 'starting', heardAt: null, anchor: null, seq: 0, site: null,
  devices: [], unregistered: [], alarms: new Map(), arrivals: new Map(), cleared: [],
};

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'session': return { ...state, session: action.data };
    case 'gate': return { ...state, gate: action.data };
    case 'connection':
      // Nothing of the site stays on the screen of somebody who is signed out.
      return action.data === 'signedOut'
        ? { ...initial, session: state.session, gate: state.gate, connection: 'signedOut' }
        : { ...state, connection: action.data };
    case 'acknowledged': return withAlarm(state, action.data);
    default: return applyEvent({ ...state, connection: 'open', heardAt: action.at }, action);
  }
}

function applyEvent(state: State, action: Extract<Action, { at: Sample }>): State {
  switch (action.type) {
    case 'snapshot': return withSnapshot(state, action.data, action.at);
    case 'alarm': return withAlarm({ ...state, seq: Math.max(state.seq, action.data.seq) }, action.data);
    case 'presence': return withDevice(state, action.data.device, (d) => ({ ...d, presence: action.data.presence }));
    case 'readings': return withReadings({ ...state, anchor: reanchor(state.anchor, action.data.now, action.at) }, action.data);
    case 'site':
      return {
        ...state, site: action.data.site, unregistered: action.data.unregistered,
        anchor: reanchor(state.anchor, action.data.site.gateway.now, action.at),
      };
    case 'tick': return { ...state, seq: action.data.seq, anchor: reanchor(state.anchor, action.data.now, action.at) };
  }
}

function withSnapshot(state: State, data: Snapshot, at: Sample): State {
  const anchor = reanchor(state.anchor, data.now, at);
  const arrivals = new Map<string, number>();
  for (const { id } of data.alarms) {
    const known = state.arrivals.get(id);
    if (known !== undefined) arrivals.set(id, known);
    else if (state.site !== null && !state.alarms.has(id)) arrivals.set(id, Date.parse(data.now));
  }
  return {
    ...state, anchor, arrivals, seq: data.seq, site: data.site, devices: data.devices, unregistered: data.unregistered,
    alarms: new Map(data.alarms.filter((a) => a.state !== 'normal').map((a) => [a.id, a])),
  };
}

/** An answer to an acknowledgement and the event about it race: the higher chain sequence wins, and what is closed stays closed. */
function withAlarm(state: State, alarm: Alarm): State {
  const known = state.alarms.get(alarm.id) ?? state.cleared.find((a) => a.id === alarm.id);
  if (known !== undefined && known.seq > alarm.seq) return state;
  const alarms = new Map(state.alarms);
  const arrivals = new Map(state.arrivals);
  const others = state.cleared.filter((a) => a.id !== alarm.id);
  if (alarm.state === 'normal') {
    alarms.delete(alarm.id);
    arrivals.delete(alarm.id);
    return { ...state, alarms, arrivals, cleared: [alarm, ...others].slice(0, CLEARED_KEPT) };
  }
  if (!alarms.has(alarm.id)) {
    arrivals.set(alarm.id, state.anchor && state.heardAt ? gatewayNow(state.anchor, state.heardAt) : Date.parse(alarm.changedAt));
  }
  alarms.set(alarm.id, alarm);
  return { ...state, alarms, arrivals, cleared: others };
}

function withDevice(state: State, id: string, change: (device: Device) => Device): State {
  return { ...state, devices: state.devices.map((d) => (d.id === id ? change(d) : d)) };
}

function withReadings(state: State, data: Readings): State {
  const news = new Map(data.devices.map((d) => [d.id, d]));
  const devices = state.devices.map((device) => {
    const fresh = news.get(device.id);
    return fresh === undefined
      ? device
      : { ...device, lastMessageAt: fresh.lastMessageAt ?? device.lastMessageAt, values: mergeValues(device.values, fresh.values) };
  });
  return { ...state, devices };
}

/** Only what changed is sent: keep the profile's order, replace by field, append what is new. */
export function mergeValues(old: readonly Value[], fresh: readonly Value[]): Value[] {
  const news = new Map(fresh.map((v) => [v.field, v]));
  const merged = old.map((v) => news.get(v.field) ?? v);
  const known = new Set(old.map((v) => v.field));
  return [...merged, ...fresh.filter((v) => !known.has(v.field))];
}

export function streamState(state: State, at: Sample): StreamState {
  if (state.connection === 'signedOut' || state.gate.kind === 'setup') return 'signedOut';
  if (state.connection === 'lost') return 'reconnecting';
  if (state.connection === 'starting' || state.heardAt === null) return 'starting';
  return elapsed(state.heardAt, at) > BEHIND_AFTER_MS ? 'behind' : 'live';
}
