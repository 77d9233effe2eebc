// Which language, and how words are looked up.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Text } from '../api/contract';
import { en } from './en';
import { zh, type Catalogue } from './zh';

export type Lang = keyof Text;
export type { Catalogue };

const KEY = 'gateway.lang';
export const catalogues: Record<Lang, Catalogue> = { zh, en };

/** Storage can be forbidden (private windows, kiosks): then the browser's language decides each time. */
export function savedLang(): Lang {
  try {
    const saved = localStorage.getItem(KEY);
    if (saved === 'zh' || saved === 'en') return saved;
  } catch { /* not ours to fix */ }
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function saveLang(lang: Lang): void {
  try {
    localStorage.setItem(KEY, lang);
  } catch { /* the switch still holds for this visit */ }
}

export const LangContext = createContext<Lang>('en');
export const useLang = (): Lang => useContext(LangContext);
export const useWords = (): Catalogue => catalogues[useLang()];

export function pick(text: Text, lang: Lang): string {
  return text[lang] || text.en || text.zh;
}

/** A word the catalogue has, else the word as the gateway sent it. */
export function word(table: object, key: string): string {
  return Object.hasOwn(table, key) ? String((table as Record<string, unknown>)[key]) : key;
}

/** The way a device's messages take: "mqtt", or "mqtt@yard" behind a broker. */
export function way(words: Catalogue, link: string): string {
  const [kind = '', broker] = link.split('@');
  return broker === undefined ? word(words.links, kind) : `${word(words.links, kind)} · ${broker}`;
}

/** Reasons may be compound ("unknown/bus"): each known part is put into words. A sentence or a path is left as it is. */
export function reason(words: Catalogue, raw: string): string {
  if (Object.hasOwn(words.reasons, raw)) return word(words.reasons, raw);
  if (!/^[a-z-]+([/:] ?[a-z-]+|\([a-z-]+\))+$/i.test(raw)) return raw;
  const parts = raw.split(/[/:()]+/).map((p) => p.trim()).filter((p) => p !== '');
  return parts.length > 1 && parts.some((p) => Object.hasOwn(words.reasons, p))
    ? parts.map((p) => word(words.reasons, p)).join(' · ')
    : raw;
}
