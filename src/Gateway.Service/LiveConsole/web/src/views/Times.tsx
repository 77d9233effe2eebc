// Ages tick, times stand in the site's zone: whoever reads the page may sit elsewhere.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { date, dateTime, duration, shortDuration, timeOfDay } from '../format';
import { useWords } from '../i18n';
import { useNow } from '../now';

export const ZoneContext = createContext('UTC');

const DAY_MS = 86_400_000;

type AgeProps = { at: string; form?: 'plain' | 'ago'; short?: boolean };

export function Age({ at, form = 'plain', short = false }: AgeProps) {
  const words = useWords();
  const zone = useContext(ZoneContext);
  const now = useNow();
  const ms = Date.parse(at);
  if (now === null || Number.isNaN(ms)) return <span>–</span>;
  const text = (short ? shortDuration : duration)(now - ms, words.units);
  return <time class="age" dateTime={at} title={dateTime(ms, zone)}>{form === 'ago' ? words.ago(text) : text}</time>;
}

/** The time alone while it is within a day, else with its date. */
export function Moment({ at }: { at: string }) {
  const zone = useContext(ZoneContext);
  const now = useNow();
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return <span>{at}</span>;
  const near = now !== null && Math.abs(now - ms) < DAY_MS && date(now, zone) === date(ms, zone);
  return <time dateTime={at} title={dateTime(ms, zone)}>{near ? timeOfDay(ms, zone) : dateTime(ms, zone)}</time>;
}

/** A civil day, given as a date or as a moment. */
export function Day({ at }: { at: string }) {
  const zone = useContext(ZoneContext);
  const ms = Date.parse(at);
  const plain = /^\d{4}-\d{2}-\d{2}$/.test(at) || Number.isNaN(ms);
  return <time dateTime={at}>{plain ? at : date(ms, zone)}</time>;
}
