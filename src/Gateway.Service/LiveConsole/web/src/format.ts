// Numbers, durations and times as people read them. Pure; words come from the catalogue.
import type { Catalogue } from './i18n/zh';

type Units = Catalogue['units'];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Two units at most, rounded down: "12 s", "3 min 20 s", "1 h 5 min", "2 d 3 h". */
export function duration(ms: number, units: Units): string {
  const span = Math.max(0, Math.floor(ms));
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string): string => {
    const n = Math.floor(span / big);
    const rest = Math.floor((span % big) / small);
    return rest === 0 ? `${n} ${bigUnit}` : `${n} ${bigUnit} ${rest} ${smallUnit}`;
  };
  if (span < MINUTE) return `${Math.floor(span / SECOND)} ${units.s}`;
  if (span < HOUR) return pair(MINUTE, units.min, SECOND, units.s);
  if (span < DAY) return pair(HOUR, units.h, MINUTE, units.min);
  return pair(DAY, units.d, HOUR, units.h);
}

/** One unit, for the small print beside every value. */
export function shortDuration(ms: number, units: Units): string {
  const span = Math.max(0, Math.floor(ms));
  if (span < MINUTE) return `${Math.floor(span / SECOND)} ${units.s}`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} ${units.min}`;
  if (span < DAY) return `${Math.floor(span / HOUR)} ${units.h}`;
  return `${Math.floor(span / DAY)} ${units.d}`;
}

/** At most three decimals, no trailing zeros: a sensor's float noise is not information. */
export function number(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 1_000) / 1_000) : '–';
}

export function count(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', '\u202f');
}

export function bytes(value: number): string {
  const names = ['B', 'KB', 'MB', 'GB', 'TB'];
  let n = value;
  let i = 0;
  while (n >= 1_000 && i < names.length - 1) {
    n /= 1_000;
    i += 1;
  }
  return `${n >= 100 || i === 0 ? Math.round(n) : Math.round(n * 10) / 10} ${names[i]}`;
}

/** A browser may not know the zone the ledger names; a page with UTC times, named as such, beats a page that fails. */
export function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function inZone(ms: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = zone + JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, hourCycle: 'h23', ...options });
    formats.set(key, format);
  }
  return format.format(ms);
}

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' };
const DATE: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit' };

export const timeOfDay = (ms: number, zone: string): string => inZone(ms, zone, TIME);
export const date = (ms: number, zone: string): string => inZone(ms, zone, DATE);
export const dateTime = (ms: number, zone: string): string => `${date(ms, zone)} ${timeOfDay(ms, zone)}`;
