import type { Unregistered } from '../api/contract';
import { count } from '../format';
import { useWords, way, word } from '../i18n';
import { Age } from './Times';

export function UnregisteredList({ items }: { items: readonly Unregistered[] }) {
  const words = useWords();
  const t = words.devices;
  return (
    <div class="unregistered">
      <h3>{t.unregistered}<span class="tally">{items.length}</span></h3>
      <p class="hint">{t.unregisteredHint}</p>
      <ul>
        {items.map((u) => (
          <li key={`${u.link} ${u.address}`} data-testid="unregistered" data-link={u.link} data-address={u.address}>
            <p><b>{u.address}</b><span>{way(words, u.link)}{u.kind !== null && ` · ${word(words.kinds, u.kind)}`}</span></p>
            <p class="small">
              <span>{t.firstSeen} <Age at={u.firstSeen} form="ago" /></span>
              <span>{t.lastSeen} <Age at={u.lastSeen} form="ago" short /></span>
              <span>{t.messages} {count(u.messages)}</span>
            </p>
            <code title={t.sample}>{u.sample}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
