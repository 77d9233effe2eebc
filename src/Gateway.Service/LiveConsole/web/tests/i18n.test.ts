import { describe, expect, it } from 'vitest';
import { tokenOf } from '../src/api/link';
import { pick, reason, way, word } from '../src/i18n';
import { en } from '../src/i18n/en';
import { zh } from '../src/i18n/zh';

/** Every leaf as "path: kind": the same words, the same number of blanks to fill. */
function leaves(node: unknown, path = ''): string[] {
  if (typeof node === 'function') return [`${path}(${node.length})`];
  if (node === null || typeof node !== 'object') return [`${path}: ${typeof node}`];
  return Object.entries(node).flatMap(([key, child]) => leaves(child, `${path}.${key}`));
}

function strings(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  return node !== null && typeof node === 'object' ? Object.values(node).flatMap(strings) : [];
}

describe('catalogues', () => {
  it('have the same keys', () => expect(leaves(en).sort()).toEqual(leaves(zh).sort()));
  it('leave nothing empty', () => expect([...strings(zh), ...strings(en)].filter((s) => s.trim() === '')).toEqual([]));
  it('carry no Chinese in the English one, but for the switch', () => {
    expect(strings(en).filter((s) => /[\u4e00-\u9fff]/.test(s))).toEqual(['中文']);
  });
});

describe('words', () => {
  it('fall back to what the gateway sent', () => {
    expect(word(en.fields, 'load_t')).toBe('Load');
    expect(word(en.fields, 'torque_x')).toBe('torque_x');
    expect(word(en.fields, 'constructor')).toBe('constructor');
  });
  it('name the broker a device speaks through', () => {
    expect(way(en, 'mqtt')).toBe('MQTT');
    expect(way(zh, 'mqtt@yard')).toBe('MQTT · yard');
  });
  it('put compound reasons together from known parts', () => {
    expect(reason(en, 'silent')).toBe('no data in time');
    expect(reason(en, 'unknown(bus)')).toBe('not known · bus fault');
    expect(reason(en, 'unknown/bus')).toBe('not known · bus fault');
    expect(reason(en, 'http://x')).toBe('http://x');
    expect(reason(en, 'port /dev/ttyUSB0: lost while reading (hang-up)')).toBe('port /dev/ttyUSB0: lost while reading (hang-up)');
  });
  it('take the other language when one is missing', () => expect(pick({ zh: '塔机', en: '' }, 'en')).toBe('塔机'));
});

describe('one-time links', () => {
  it('are read from the fragment only', () => {
    expect(tokenOf('#link=abc-_1')).toBe('abc-_1');
    expect(tokenOf('#link=a+b%3D')).toBe('a+b=');
    expect(tokenOf('#link=50%')).toBe('50%');
    expect(tokenOf('#alarms')).toBeNull();
    expect(tokenOf('#link=')).toBeNull();
    expect(tokenOf('')).toBeNull();
  });
});
