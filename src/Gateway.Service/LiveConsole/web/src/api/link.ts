// One-time links arrive as `/#link=TOKEN`: a fragment is never sent to a server, so it reaches no log on the way.

export function tokenOf(hash: string): string | null {
  // Not URLSearchParams: it would turn a token's "+" into a space.
  const token = /^#(?:.*&)?link=([^&]+)/.exec(hash)?.[1];
  if (token === undefined) return null;
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

/** Reads the token and takes it out of the address at once, so that it stays neither in the history nor in a shared screenshot. */
export function takeToken(): string | null {
  const token = tokenOf(location.hash);
  if (token !== null) history.replaceState(null, '', location.pathname + location.search);
  return token;
}
