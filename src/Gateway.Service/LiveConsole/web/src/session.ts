// Who is looking, and whether the stream may run: session first, then events, as API.md asks.
import * as api from './api/client';
import type { Session } from './api/contract';
import { takeToken } from './api/link';
import { openStream } from './api/stream';
import type { Problem } from './state';
import type { Store } from './store';

const RETRY_MS = 2_000;

export type Console = {
  signIn(user: string, password: string): Promise<api.Failure | null>;
  createFirst(token: string, user: string, password: string): Promise<api.Failure | null>;
  signOut(): Promise<void>;
  askToSignIn(): void;
  leaveSignIn(): void;
};

export const canRead = (session: Session): boolean => session.role !== null || session.anonymous;

export function startConsole(store: Store): Console {
  let stopStream: (() => void) | null = null;

  function enter(session: Session): void {
    store.dispatch({ type: 'session', data: session });
    if (!canRead(session)) return turnAway(null);
    stopStream?.();
    store.dispatch({ type: 'connection', data: 'starting' });
    stopStream = openStream(store, () => void refused());
    store.dispatch({ type: 'gate', data: { kind: 'open' } });
  }

  function turnAway(problem: Problem | null): void {
    stopStream?.();
    stopStream = null;
    store.dispatch({ type: 'gate', data: { kind: 'signIn', problem } });
    store.dispatch({ type: 'connection', data: 'signedOut' });
  }

  async function refused(): Promise<void> {
    const answer = await api.getSession();
    if (answer.ok) store.dispatch({ type: 'session', data: answer.data });
    turnAway('signedOut');
  }

  async function begin(token: string | null): Promise<void> {
    const answer = await untilAnswered();
    if (token === null) return enter(answer);
    if (answer.setupNeeded) {
      store.dispatch({ type: 'session', data: answer });
      store.dispatch({ type: 'gate', data: { kind: 'setup', token } });
      return;
    }
    store.dispatch({ type: 'gate', data: { kind: 'redeeming' } });
    const redeemed = await api.redeem(token);
    if (redeemed.ok) return enter(redeemed.data);
    store.dispatch({ type: 'session', data: answer });
    if (canRead(answer)) enter(answer);
    store.dispatch({ type: 'gate', data: { kind: 'signIn', problem: redeemed.failure.kind === 'network' ? 'network' : 'link' } });
  }

  /** Before the first answer there is nothing to show: keep asking, the page says that it is connecting. */
  async function untilAnswered(): Promise<Session> {
    for (;;) {
      const answer = await api.getSession();
      if (answer.ok) return answer.data;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async function entering(call: Promise<api.Result<Session>>): Promise<api.Failure | null> {
    const answer = await call;
    if (!answer.ok) return answer.failure;
    enter(answer.data);
    return null;
  }

  // A link may be opened in a tab that shows the page already; other fragments are only places on the page.
  addEventListener('hashchange', () => {
    const token = takeToken();
    if (token !== null) void begin(token);
  });
  void begin(takeToken());

  return {
    signIn: (user, password) => entering(api.signIn(user, password)),
    createFirst: (token, user, password) => entering(api.redeem(token, { user, password })),
    async signOut() {
      await api.signOut();
      enter(await untilAnswered());
    },
    askToSignIn: () => store.dispatch({ type: 'gate', data: { kind: 'signIn', problem: null } }),
    leaveSignIn: () => store.dispatch({ type: 'gate', data: { kind: 'open' } }),
  };
}
