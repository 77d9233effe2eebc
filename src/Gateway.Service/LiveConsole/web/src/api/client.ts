// The calls of API.md that are not the stream. Every failure has a name the page can put into words.
import type { Alarm, AlarmPage, Session } from './contract';

export type Failure =
  | { kind: 'network' }
  | { kind: 'status'; status: number; detail: string };

export type Result<T> = { ok: true; data: T } | { ok: false; failure: Failure };

const TIMEOUT_MS = 15_000;

async function call<T>(method: string, path: string, body?: unknown): Promise<Result<T>> {
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        Accept: 'application/json',
        // Proves that the request is the page's own: a cross-site form cannot set it.
        ...(method === 'GET' ? {} : { 'X-Gateway-Request': '1' }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) return { ok: false, failure: { kind: 'status', status: response.status, detail: problem(text, response) } };
    return { ok: true, data: (text === '' ? undefined : JSON.parse(text)) as T };
  } catch {
    return { ok: false, failure: { kind: 'network' } };
  }
}

function problem(text: string, response: Response): string {
  try {
    const { detail, title } = JSON.parse(text) as { detail?: string; title?: string };
    return detail ?? title ?? response.statusText;
  } catch {
    return response.statusText || String(response.status);
  }
}

export const getSession = () => call<Session>('GET', '/api/v1/session');
export const probe = () => call<unknown>('GET', '/api/v1/site');
export const signIn = (user: string, password: string) => call<Session>('POST', '/api/v1/session', { user, password });
export const signOut = () => call<undefined>('DELETE', '/api/v1/session');
export const redeem = (token: string, account?: { user: string; password: string }) =>
  call<Session>('POST', '/api/v1/session/link', { token, ...account });
export const acknowledge = (id: string, note: string) =>
  call<Alarm>('POST', `/api/v1/alarms/${encodeURIComponent(id)}/ack`, { note });
export const closedAlarms = (cursor: string | null) =>
  call<AlarmPage>('GET', `/api/v1/alarms?state=closed&limit=30${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
