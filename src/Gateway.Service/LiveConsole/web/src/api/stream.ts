// The event stream. EventSource reconnects by itself (with Last-Event-ID) when a connection breaks; two cases are left to us:
// an answer that is not 200 closes it for good, and a half-open connection (a phone that changed networks) never reports an error.
import { BEHIND_AFTER_MS, elapsed, sample, type Sample } from '../clock';
import type { Action } from '../state';
import type { Store } from '../store';
import { probe } from './client';

const RETRY_MS = [1_000, 2_000, 5_000, 10_000] as const;
const REOPEN_AFTER_MS = 2 * BEHIND_AFTER_MS;
const EVENTS = ['snapshot', 'alarm', 'presence', 'readings', 'site', 'tick'] as const;

/** Opens the stream and keeps it open until the returned function is called. `onRefused`: the gateway wants another identity. */
export function openStream(store: Store, onRefused: () => void): () => void {
  let source: EventSource | null = null;
  let heard: Sample = sample();
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let stopped = false;

  const watch = setInterval(() => {
    if (source !== null && source.readyState === EventSource.OPEN && elapsed(heard, sample()) > REOPEN_AFTER_MS) open();
  }, 1_000);

  function open(): void {
    source?.close();
    heard = sample();
    const mine = new EventSource('/api/v1/events');
    source = mine;
    for (const type of EVENTS) {
      mine.addEventListener(type, (event: MessageEvent<string>) => {
        if (mine !== source) return;
        failures = 0;
        heard = sample();
        store.dispatch({ type, data: JSON.parse(event.data), at: heard } as Action);
      });
    }
    // Devices came or went: only a snapshot says which there are now.
    mine.addEventListener('ledger', () => {
      if (mine === source) open();
    });
    mine.onopen = () => {
      if (mine === source) store.dispatch({ type: 'connection', data: 'open' });
    };
    mine.onerror = () => {
      if (mine !== source || stopped) return;
      store.dispatch({ type: 'connection', data: 'lost' });
      if (mine.readyState === EventSource.CLOSED) void recover();
    };
  }

  async function recover(): Promise<void> {
    const answer = await probe();
    if (stopped) return;
    if (!answer.ok && answer.failure.kind === 'status' && (answer.failure.status === 401 || answer.failure.status === 403)) {
      onRefused();
      return;
    }
    const delay = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
    failures += 1;
    retry = setTimeout(open, delay);
  }

  open();
  return () => {
    stopped = true;
    clearInterval(watch);
    clearTimeout(retry);
    source?.close();
    source = null;
  };
}
