import { describe, expect, it } from 'vitest';
import { bytes, count, dateTime, duration, knownZone, number, shortDuration } from '../src/format';
import { en } from '../src/i18n/en';
import { zh } from '../src/i18n/zh';
import { isStale, show } from '../src/values';
import { later, NOW, nowMs, value } from './samples';

describe('ages', () => {
  it.each([
    [-5, '0 s'], [999, '0 s'], [59_999, '59 s'], [60_000, '1 min'], [200_000, '3 min 20 s'], [3_599_999, '59 min 59 s'],
    [3_900_000, '1 h 5 min'], [86_400_000, '1 d'], [183_600_000, '2 d 3 h'],
  ])('%d ms reads %s', (ms, text) => expect(duration(ms, en.units)).toBe(text));
  it('read in Chinese', () => expect(zh.ago(duration(200_000, zh.units))).toBe('3 分 20 秒前'));
  it('are short beside values', () => expect([30_000, 200_000, 7_300_000, 9e8].map((ms) => shortDuration(ms, en.units))).toEqual(['30 s', '3 min', '2 h', '10 d']));
});

describe('times', () => {
  it('stand in the site’s zone', () => expect(dateTime(nowMs, 'Asia/Shanghai')).toBe('2026-11-21 22:03:07'));
  it('show midnight as 00', () => expect(dateTime(Date.parse('2026-11-21T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-22 00:00:00'));
  it('fall back to UTC when the browser does not know the zone', () => {
    expect(knownZone('Mars/Olympus')).toBe('UTC');
    expect(knownZone('Asia/Shanghai')).toBe('Asia/Shanghai');
  });
});

describe('numbers', () => {
  it('lose float noise and nothing else', () => expect([0.1 + 0.2, 6, 12.3456, NaN].map(number)).toEqual(['0.3', '6', '12.346', '–']));
  it('group and scale', () => expect([count(1_204_331), bytes(999), bytes(1_310_000_000)]).toEqual(['1\u202f204\u202f331', '999 B', '1.3 GB']));
});

describe('values', () => {
  const crane = { kind: 'crane' };
  it('put codes into words', () => {
    expect(show(value({ field: 'door', value: 1 }), crane, en).text).toBe('open');
    expect(show(value({ field: 'operator', value: '' }), crane, zh).text).toBe('无人');
    expect(show(value({ field: 'alarm_bits', value: 0b10010 }), crane, en).text).toBe('moment · collision');
    expect(show(value({ field: 'alarm_bits', value: 18 }), { kind: 'mixer' }, en).text).toBe('0x12');
    expect(show(value({ field: 'alarm_bits', value: 18 }), { kind: 'constructor' }, en).text).toBe('0x12');
    expect(show(value({ field: 'alarm_bits', value: 0b1010 }), { kind: 'hoist' }, en).text).toBe('people · anti-fall');
    expect(show(value({ field: 'warn_bits', value: 2 ** 31 + 2 ** 30 + 2 ** 20 + 1 }), { kind: 'platform' }, en).text).toBe('load · bit 20 · sensor fault · other alarm');
    expect(show(value({ field: 'alarm_bits', value: 2 ** 32 }), crane, en).text).toBe('0x100000000');
    expect(show(value({ field: 'vendor_bits', value: 1036 }), crane, en).text).toBe('0x40c');
    expect(show(value({ field: 'alarm', value: 1 }), crane, zh).text).toBe('报警');
    expect(show(value({ value: null }), crane, en)).toEqual({ text: '–', unit: '' });
  });
  it('are stale once older than the device may be silent, or never received', () => {
    expect(isStale(value(), nowMs + 6_000, 6_000)).toBe(false);
    expect(isStale(value(), nowMs + 6_001, 6_000)).toBe(true);
    expect(isStale(value({ receivedAt: null }), nowMs, 6_000)).toBe(true);
    expect(isStale(value({ receivedAt: later(500) }), Date.parse(NOW), 6_000)).toBe(false);
  });
});
