// How one measured value reads: codes become words, numbers lose their noise, units stay the gateway's.
import type { Device, Value } from './api/contract';
import { number } from './format';
import { type Catalogue, word } from './i18n';

export type Shown = { text: string; unit: string };

/** Bit meanings are the profile's: only those this page knows are named, any other mask is shown in hex. */
function bits(mask: number, device: Pick<Device, 'profile'>, words: Catalogue): string {
  const { craneBits, hoistBits, noBits, otherBit } = words.fieldValues;
  if (mask === 0) return noBits;
  const names = device.profile === 'crane-json' ? craneBits : device.profile === 'hoist-json' ? hoistBits : null;
  if (names === null || !Number.isInteger(mask) || mask < 0 || mask > 0xffff) return `0x${mask.toString(16)}`;
  const set: string[] = [];
  for (let bit = 0; bit < 16; bit += 1) if ((mask >> bit) & 1) set.push(names[bit] ?? otherBit(bit));
  return set.join(' · ');
}

export function show(value: Value, device: Pick<Device, 'profile'>, words: Catalogue): Shown {
  const raw = value.value;
  if (raw === null) return { text: '–', unit: '' };
  if (value.field === 'operator' && raw === '') return { text: words.fieldValues.nobody, unit: '' };
  if (value.field === 'door') return { text: word(words.fieldValues.door, String(raw)), unit: '' };
  if (value.field === 'recording') return { text: word(words.fieldValues.recording, String(raw)), unit: '' };
  if (typeof raw === 'string') return { text: raw === '' ? '–' : raw, unit: value.unit };
  if (value.field === 'alarm_bits' || value.field === 'warn_bits') return { text: bits(raw, device, words), unit: '' };
  return { text: number(raw), unit: value.unit };
}

/** Older than the device's own offline limit, or never received: shown, but greyed. */
export function isStale(value: Value, nowMs: number, offlineAfterMs: number): boolean {
  return value.receivedAt === null || nowMs - Date.parse(value.receivedAt) > offlineAfterMs;
}
