import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Store } from '../store';

/** For the few views that write; the others get what they show as properties. */
export const StoreContext = createContext<Store | null>(null);

export function useStoreHandle(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('StoreContext is missing: wrap the view in its provider');
  return store;
}
