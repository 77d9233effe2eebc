// How one measured value reads: codes become words, numbers lose their noise, units stay the gateway's.
import type { Device, Value } from './api/contract';
import { number } from './format';
import { type Catalogue, word } from './i18n';

export type Shown = { text: string; unit: string };

/** Bits have one meaning for a kind of machine, whoever built it (profiles/FORMAT.md); of a kind without names the mask is shown in hex. */
function bits(mask: number, device: Pick<Device, 'kind'>, words: Catalogue): string {
  const { alarmBits, sensorBit, unnamedBit, noBits, otherBit } = words.fieldValues;
  if (mask === 0) return noBits;
  const names = Object.hasOwn(alarmBits, device.kind) ? alarmBits[device.kind as keyof typeof alarmBits] : null;
  if (names === null || !Number.isInteger(mask) || mask < 0 || mask > 0xffff_ffff) return `0x${mask.toString(16)}`;
  const set: string[] = [];
  for (let bit = 0; bit < 32; bit += 1) {
    if ((mask >>> bit) & 1) set.push(bit === 30 ? sensorBit : bit === 31 ? unnamedBit : names[bit] ?? otherBit(bit));
  }
  return set.join(' · ');
}

export function show(value: Value, device: Pick<Device, 'kind'>, words: Catalogue): Shown {
  const raw = value.value;
  if (raw === null) return { text: '–', unit: '' };
  if (value.field === 'operator' && raw === '') return { text: words.fieldValues.nobody, unit: '' };
  if (value.field === 'door') return { text: word(words.fieldValues.door, String(raw)), unit: '' };
  if (value.field === 'alarm') return { text: word(words.fieldValues.alarm, String(raw)), unit: '' };
  if (value.field === 'recording') return { text: word(words.fieldValues.recording, String(raw)), unit: '' };
  if (typeof raw === 'string') return { text: raw === '' ? '–' : raw, unit: value.unit };
  if (value.field === 'vendor_bits' && raw !== 0) return { text: `0x${raw.toString(16)}`, unit: '' };
  if (value.field === 'alarm_bits' || value.field === 'warn_bits') return { text: bits(raw, device, words), unit: '' };
  return { text: number(raw), unit: value.unit };
}

/** Older than the device's own offline limit, or never received: shown, but greyed. */
export function isStale(value: Value, nowMs: number, offlineAfterMs: number): boolean {
  return value.receivedAt === null || nowMs - Date.parse(value.receivedAt) > offlineAfterMs;
}
