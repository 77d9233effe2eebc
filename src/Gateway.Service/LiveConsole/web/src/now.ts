// A heartbeat for what ages: components that show an age redraw once a second, the rest of the page does not.
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { gatewayNow, sample, type Anchor, type Sample } from './clock';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => { for (const each of listeners) each(); }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export function useSample(): Sample {
  const [at, set] = useState(sample);
  useEffect(() => subscribe(() => set(sample())), []);
  return at;
}

/** Read through a getter: a new anchor every few seconds must not redraw everything that may ask for it. */
export const AnchorContext = createContext<() => Anchor | null>(() => null);

/** Gateway time in ms, re-read each second; null until the gateway has told it. */
export function useNow(): number | null {
  useSample();
  const anchor = useContext(AnchorContext)();
  return anchor === null ? null : gatewayNow(anchor, sample());
}
