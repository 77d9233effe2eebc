import { useState } from 'preact/hooks';
import type { Session } from '../api/contract';
import { useWords } from '../i18n';
import { canRead, type Console } from '../session';
import type { Gate } from '../state';
import { failureText } from './failure';
import { Field } from './Field';

export const PASSWORD_MIN = 12;

type Props = { gate: Extract<Gate, { kind: 'signIn' | 'setup' }>; session: Session | null; console: Console };

export function SignIn({ gate, session, console }: Props) {
  const words = useWords();
  const t = words.signIn;
  const setup = gate.kind === 'setup';
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = problem ?? (gate.kind === 'signIn' && gate.problem !== null ? words.errors[gate.problem] : null);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    if (setup && [...password].length < PASSWORD_MIN) return setProblem(t.tooShort);
    if (setup && password !== again) return setProblem(t.mismatch);
    setBusy(true);
    setProblem(null);
    const failure = await (gate.kind === 'setup' ? console.createFirst(gate.token, user.trim(), password) : console.signIn(user.trim(), password));
    setBusy(false);
    if (failure !== null) setProblem(failureText(words, failure, { 401: setup ? words.errors.link : words.errors.credentials }));
  }

  return (
    <form class="card" data-testid={setup ? 'setup-form' : 'sign-in-form'} onSubmit={(e) => void send(e)}>
      <h2>{setup ? t.setupHeading : t.heading}</h2>
      <p class="hint">{setup ? t.setupIntro : session?.setupNeeded ? t.setupNeeded : t.intro}</p>
      <Field id="user" label={t.user} type="text" autoComplete="username" value={user} onValue={setUser} />
      <Field id="password" label={t.password} type="password" autoComplete={setup ? 'new-password' : 'current-password'} value={password} onValue={setPassword}
        {...(setup ? { hint: t.passwordRule } : {})} />
      {setup && <Field id="password-again" label={t.passwordAgain} type="password" autoComplete="new-password" value={again} onValue={setAgain} />}
      {shown !== null && <p class="problem" role="alert" data-testid="sign-in-problem">{shown}</p>}
      <div class="card-buttons">
        <button type="submit" class="primary" data-testid="sign-in-submit" disabled={busy}>{busy ? t.busy : setup ? t.create : t.submit}</button>
        {!setup && session !== null && canRead(session) && <button type="button" class="quiet" onClick={console.leaveSignIn}>{words.cancel}</button>}
      </div>
    </form>
  );
}
