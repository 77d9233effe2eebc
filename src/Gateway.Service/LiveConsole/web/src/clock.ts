// Gateway time, as well as a browser can know it. Ages are taken against this and never against the browser's clock alone:
// a phone with a wrong clock must not turn a fresh value old or an old one fresh.

/** One look at the browser's two clocks, in ms: `mono` never steps but may stand still while a phone sleeps, `wall` the other way round. */
export type Sample = { mono: number; wall: number };

/** What the gateway said its time was, and when we heard it. */
export type Anchor = { gatewayMs: number; at: Sample };

/** An estimate ahead of the gateway by less than this is network delay, not a wrong estimate: keep the least delayed one. */
const DELAY_TOLERATED_MS = 1_500;
export const BEHIND_AFTER_MS = 10_000;
export const WRONG_CLOCK_MS = 5_000;

/** Errs towards "longer": a step of one clock may age a value for some seconds, but nothing stale ever looks young. */
export function elapsed(from: Sample, to: Sample): number {
  return Math.max(0, to.mono - from.mono, to.wall - from.wall);
}

export function gatewayNow(anchor: Anchor, at: Sample): number {
  return anchor.gatewayMs + elapsed(anchor.at, at);
}

export function reanchor(previous: Anchor | null, now: string, at: Sample): Anchor | null {
  const gatewayMs = Date.parse(now);
  if (Number.isNaN(gatewayMs)) return previous;
  if (previous !== null) {
    const ahead = gatewayNow(previous, at) - gatewayMs;
    if (ahead >= 0 && ahead <= DELAY_TOLERATED_MS) return previous;
  }
  return { gatewayMs, at };
}

/** How far the browser's clock is ahead (positive) of the gateway's, or null while that is unknown or harmless. */
export function clockError(anchor: Anchor | null, at: Sample): number | null {
  if (anchor === null) return null;
  const ahead = at.wall - gatewayNow(anchor, at);
  return Math.abs(ahead) > WRONG_CLOCK_MS ? ahead : null;
}

export function sample(): Sample {
  return { mono: performance.now(), wall: Date.now() };
}
