import { useState } from 'preact/hooks';
import { canAcknowledge } from '../alarms';
import type { Alarm, Role } from '../api/contract';
import { number } from '../format';
import { pick, reason, useLang, useWords } from '../i18n';
import { useNow } from '../now';
import { AckForm } from './AckForm';
import { SeverityIcon } from './Icons';
import { Age, Moment } from './Times';

const NEW_FOR_MS = 15_000;

type Props = {
  alarm: Alarm; folded: readonly Alarm[]; role: Role | null; arrivedAt: number | null; open: boolean; onOpen: (open: boolean) => void;
};

export function AlarmRow({ alarm, folded, role, arrivedAt, open, onOpen }: Props) {
  const words = useWords();
  const lang = useLang();
  const t = words.alarms;
  const [part, setPart] = useState<'ack' | 'advice'>('advice');
  const show = (next: 'ack' | 'advice') => {
    onOpen(!(open && part === next));
    setPart(next);
  };
  const advice = pick(alarm.advice, lang);
  const acking = open && part === 'ack' && canAcknowledge(alarm, role);

  return (
    <li class={`alarm sev-${alarm.severity} ${alarm.state}`} data-testid="alarm" data-id={alarm.id} data-rule={alarm.rule}
      data-subject={alarm.subject.id} data-state={alarm.state} data-severity={alarm.severity}>
      <p class="alarm-head">
        <span class="severity"><SeverityIcon severity={alarm.severity} />{words.severities[alarm.severity]}</span>
        <span class="alarm-state">{words.alarmStates[alarm.state]}</span>
        {arrivedAt !== null && <NewMark at={arrivedAt} />}
        {alarm.count > 1 && <span class="alarm-times">{t.count(alarm.count)}</span>}
        <span class="alarm-age"><Age at={alarm.raisedAt} /></span>
      </p>
      <h3>{pick(alarm.title, lang)}</h3>
      <p class="alarm-subject">
        {alarm.subject.kind !== 'device' && <span>{words.subjects[alarm.subject.kind]} · </span>}
        {pick(alarm.subject.name, lang) || alarm.subject.id}
      </p>
      <Facts alarm={alarm} />
      {(alarm.root !== null && alarm.state === 'suppressed') && <p class="alarm-note">{t.suppressedUnder}</p>}
      {alarm.shelved !== undefined && <p class="alarm-note" data-testid="shelved"><Around words={t.shelvedUntil(alarm.shelved.by, '\u0000')} at={alarm.shelved.until} />: {alarm.shelved.reason}</p>}
      {alarm.shelvingAsked !== undefined && <p class="alarm-note">{t.shelvingAsked(alarm.shelvingAsked.by)}: {alarm.shelvingAsked.reason}</p>}
      {alarm.chattering === true && <p class="alarm-note">{t.chattering}</p>}
      {alarm.ackedBy !== null && alarm.ackedAt !== null && (
        <p class="alarm-note" data-testid="acked-by"><Around words={t.ackedBy(alarm.ackedBy, '\u0000')} at={alarm.ackedAt} />{alarm.note ? `: ${alarm.note}` : ''}</p>
      )}
      <div class="alarm-actions">
        {canAcknowledge(alarm, role) && !acking && (
          <button type="button" class="primary" data-testid="ack" onClick={() => show('ack')}>{t.acknowledge}</button>
        )}
        {advice !== '' && (
          <button type="button" class="quiet" data-testid="advice-toggle" aria-expanded={open && part === 'advice'} onClick={() => show('advice')}>{t.advice}</button>
        )}
      </div>
      {acking && <AckForm alarm={alarm} onDone={() => onOpen(false)} />}
      {open && part === 'advice' && <p class="advice" data-testid="advice">{advice}</p>}
      {folded.length > 0 && (
        <details class="folded">
          <summary>{t.folded(folded.length)}</summary>
          <ul>{folded.map((f) => <FoldedRow key={f.id} alarm={f} />)}</ul>
        </details>
      )}
    </li>
  );
}

function Facts({ alarm }: { alarm: Alarm }) {
  const words = useWords();
  const t = words.alarms;
  return (
    <p class="alarm-facts">
      {alarm.value !== null && <span>{t.value} <b>{number(alarm.value)}</b></span>}
      {alarm.limit !== null && <span>{t.limit} <b>{number(alarm.limit)}</b></span>}
      {alarm.cause !== null && <span>{t.cause} <b>{reason(words, alarm.cause)}</b></span>}
      <span>{t.raised} <Moment at={alarm.raisedAt} /></span>
      {alarm.returnedAt !== null && <span>{t.returned} <Moment at={alarm.returnedAt} /></span>}
    </p>
  );
}

function FoldedRow({ alarm }: { alarm: Alarm }) {
  const words = useWords();
  const lang = useLang();
  return (
    <li class={`sev-${alarm.severity}`} data-testid="alarm" data-id={alarm.id} data-rule={alarm.rule} data-subject={alarm.subject.id}
      data-state={alarm.state} data-severity={alarm.severity}>
      <SeverityIcon severity={alarm.severity} />
      <span>{pick(alarm.subject.name, lang) || alarm.subject.id} · {pick(alarm.title, lang)} <small>{words.severities[alarm.severity]}</small></span>
      <Age at={alarm.raisedAt} />
    </li>
  );
}

/** The sentence's order is the language's: split it around the time so that the time stays a <time>. */
function Around({ words, at }: { words: string; at: string }) {
  const [before, after] = words.split('\u0000');
  return <>{before}<Moment at={at} />{after}</>;
}

function NewMark({ at }: { at: number }) {
  const words = useWords();
  const now = useNow();
  return now !== null && now - at < NEW_FOR_MS ? <span class="new-mark">{words.alarms.isNew}</span> : null;
}
