// Closed alarms, read only when somebody asks for them.
import { useState } from 'preact/hooks';
import { closedAlarms } from '../api/client';
import type { Alarm } from '../api/contract';
import { useWords } from '../i18n';
import { ClosedAlarms } from './ClosedAlarms';

type Loaded = { items: Alarm[]; next: string | null };

export function AlarmHistory() {
  const words = useWords();
  const t = words.alarms;
  const [open, setOpen] = useState(false);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failed, setFailed] = useState(false);

  async function load(cursor: string | null): Promise<void> {
    setFailed(false);
    const answer = await closedAlarms(cursor);
    if (!answer.ok) return setFailed(true);
    setLoaded((old) => ({ items: [...(cursor === null ? [] : old?.items ?? []), ...answer.data.items], next: answer.data.next }));
  }

  function toggle(): void {
    setOpen(!open);
    if (!open) void load(null);
  }

  return (
    <div class="history">
      <button type="button" class="quiet wide" data-testid="history-toggle" aria-expanded={open} onClick={toggle}>{t.history}</button>
      {open && failed && <p class="problem" role="alert">{t.historyFailed} <button type="button" class="quiet" onClick={() => void load(null)}>{words.retry}</button></p>}
      {open && loaded !== null && loaded.items.length === 0 && <p class="hint">{t.historyNone}</p>}
      {open && loaded !== null && <div data-testid="history"><ClosedAlarms alarms={loaded.items} /></div>}
      {open && loaded !== null && loaded.next !== null && (
        <button type="button" class="quiet wide" data-testid="history-more" onClick={() => void load(loaded.next)}>{words.more}</button>
      )}
    </div>
  );
}
