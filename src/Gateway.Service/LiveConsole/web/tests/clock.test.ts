import { describe, expect, it } from 'vitest';
import { clockError, elapsed, gatewayNow, reanchor } from '../src/clock';
import { at, later, NOW, nowMs } from './samples';

describe('gateway time', () => {
  it('runs on from the last word of the gateway, whatever the browser’s clock says', () => {
    const anchor = reanchor(null, NOW, { mono: 5_000, wall: 0 })!;
    expect(gatewayNow(anchor, { mono: 8_000, wall: 3_000 })).toBe(nowMs + 3_000);
  });
  it('takes the longer of two clocks that disagree, so that nothing stale looks young', () => {
    expect(elapsed({ mono: 0, wall: 0 }, { mono: 1_000, wall: 60_000 })).toBe(60_000);
    expect(elapsed({ mono: 0, wall: 0 }, { mono: 1_000, wall: -60_000 })).toBe(1_000);
  });
  it('keeps the least delayed estimate and follows a real step', () => {
    const first = reanchor(null, NOW, at(0))!;
    expect(reanchor(first, later(4_600), at(5_000))).toBe(first);
    expect(reanchor(first, later(5_200), at(5_000))?.gatewayMs).toBe(nowMs + 5_200);
    expect(reanchor(first, later(-3_600_000), at(5_000))?.gatewayMs).toBe(nowMs - 3_600_000);
  });
  it('ignores a time it cannot read', () => {
    const first = reanchor(null, NOW, at(0));
    expect(reanchor(first, 'yesterday', at(1))).toBe(first);
  });
  it('names a browser clock that is more than five seconds off', () => {
    const anchor = reanchor(null, NOW, { mono: 0, wall: nowMs + 6_000 });
    expect(clockError(anchor, { mono: 0, wall: nowMs + 6_000 })).toBe(6_000);
    expect(clockError(reanchor(null, NOW, at(0)), at(4_000))).toBeNull();
    expect(clockError(null, at(0))).toBeNull();
  });
});
