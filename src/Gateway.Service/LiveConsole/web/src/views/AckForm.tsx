// Two taps: the row's button opens this, Confirm sends it. The note is optional, so the keyboard stays down until it is wanted.
import { useEffect, useRef, useState } from 'preact/hooks';
import { acknowledge } from '../api/client';
import type { Alarm } from '../api/contract';
import { useWords } from '../i18n';
import { failureText } from './failure';
import { useStoreHandle } from './StoreContext';

const NOTE_MAX = 500;

export function AckForm({ alarm, onDone }: { alarm: Alarm; onDone: () => void }) {
  const words = useWords();
  const t = words.alarms;
  const store = useStoreHandle();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  useEffect(() => confirm.current?.focus({ preventScroll: true }), []);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const answer = await acknowledge(alarm.id, note.trim());
    setBusy(false);
    if (!answer.ok) {
      setProblem(failureText(words, answer.failure, { 404: words.errors.gone, 409: words.errors.nothingToAck }));
      return;
    }
    store.dispatch({ type: 'acknowledged', data: answer.data });
    onDone();
  }

  return (
    <form class="ack" onSubmit={(e) => void send(e)}>
      <label>{t.note}
        <input data-testid="ack-note" value={note} maxLength={NOTE_MAX} placeholder={t.notePlaceholder} onInput={(e) => setNote(e.currentTarget.value)} />
      </label>
      <div class="ack-buttons">
        <button ref={confirm} type="submit" class="primary" data-testid="ack-confirm" disabled={busy}>{busy ? t.sending : t.confirm}</button>
        <button type="button" class="quiet" onClick={onDone}>{words.cancel}</button>
      </div>
      {problem !== null && <p class="problem" role="alert">{problem}</p>}
    </form>
  );
}
