// One-time links arrive as `/#link=TOKEN`: a fragment is never sent to a server, so it reaches no log on the way.

export function tokenOf(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('link');
  return token === null || token === '' ? null : token;
}

/** Reads the token and takes it out of the address at once, so that it stays neither in the history nor in a shared screenshot. */
export function takeToken(): string | null {
  const token = tokenOf(location.hash);
  if (token !== null) history.replaceState(null, '', location.pathname + location.search);
  return token;
}
