// One store, one reducer. Subscribers hear of changes at most once a frame, so that a replay of many events is one redraw.
import { useEffect, useState } from 'preact/hooks';
import { initial, reduce, type Action, type State } from './state';

const FRAME_MS = 16;

export type Store = {
  get(): State;
  dispatch(action: Action): void;
  subscribe(listener: () => void): () => void;
};

export function createStore(): Store {
  let state = initial;
  let due = false;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      state = reduce(state, action);
      if (due) return;
      due = true;
      // A timer, not requestAnimationFrame: a hidden tab must still count alarms in its title.
      setTimeout(() => {
        due = false;
        for (const listener of listeners) listener();
      }, FRAME_MS);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export function useStore(store: Store): State {
  const [state, set] = useState(store.get());
  useEffect(() => {
    set(store.get());
    return store.subscribe(() => set(store.get()));
  }, [store]);
  return state;
}
