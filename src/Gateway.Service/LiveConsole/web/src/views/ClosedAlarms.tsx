import type { Alarm } from '../api/contract';
import { duration } from '../format';
import { pick, useLang, useWords } from '../i18n';
import { SeverityIcon } from './Icons';
import { Moment } from './Times';

export function ClosedAlarms({ alarms }: { alarms: readonly Alarm[] }) {
  const words = useWords();
  const lang = useLang();
  return (
    <ul class="closed-list">
      {alarms.map((a) => (
        <li key={a.id} data-testid="closed-alarm" data-id={a.id} data-rule={a.rule} data-subject={a.subject.id}>
          <SeverityIcon severity={a.severity} />
          <span class="closed-what">{pick(a.title, lang)}<small>{pick(a.subject.name, lang) || a.subject.id} · {words.severities[a.severity]}</small></span>
          <span class="closed-when">
            <Moment at={a.changedAt} />
            <small>{words.alarms.lasted} {duration(Date.parse(a.returnedAt ?? a.changedAt) - Date.parse(a.raisedAt), words.units)}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}
