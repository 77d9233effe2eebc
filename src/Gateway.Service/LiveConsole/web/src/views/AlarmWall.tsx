// The live alarm wall. While a row is open its order is held, so that nothing slides under a thumb or out of sight of a reader.
import { useRef, useState } from 'preact/hooks';
import { arrange, holdOrder, type Entry } from '../alarms';
import type { Alarm, Role } from '../api/contract';
import { useWords } from '../i18n';
import type { State } from '../state';
import { AlarmHistory } from './AlarmHistory';
import { AlarmRow } from './AlarmRow';
import { ClosedAlarms } from './ClosedAlarms';

type Props = { state: State; role: Role | null };

export function AlarmWall({ state, role }: Props) {
  const words = useWords();
  const [openRow, setOpenRow] = useState<string | null>(null);
  const order = useRef<string[]>([]);
  const entries = lay(state, openRow, order.current);
  order.current = entries.map((e) => e.alarm.id);
  const cleared = state.cleared.filter((a) => a.id !== openRow);

  return (
    <section class="panel alarms" id="alarms" aria-label={words.alarms.heading}>
      <h2>{words.alarms.heading}<span class="tally">{entries.length}</span></h2>
      {entries.length === 0 && (
        <p class="calm" data-testid="no-alarms"><b>{words.alarms.none}</b><span>{words.alarms.noneHint}</span></p>
      )}
      <ul class="alarm-list">
        {entries.map(({ alarm, folded }) => (
          <AlarmRow
            key={alarm.id} alarm={alarm} folded={folded} role={role} arrivedAt={state.arrivals.get(alarm.id) ?? null}
            open={openRow === alarm.id} onOpen={(open) => setOpenRow(open ? alarm.id : null)}
          />
        ))}
      </ul>
      {cleared.length > 0 && (
        <div class="cleared" data-testid="cleared"><h3>{words.alarms.cleared}</h3><ClosedAlarms alarms={cleared} /></div>
      )}
      <AlarmHistory />
    </section>
  );
}

function lay(state: State, openRow: string | null, order: readonly string[]): Entry[] {
  const alarms: Alarm[] = [...state.alarms.values()];
  if (openRow === null) return arrange(alarms);
  // The row being read stays until it is folded, even when its alarm has just closed.
  const gone = state.alarms.has(openRow) ? undefined : state.cleared.find((a) => a.id === openRow);
  if (gone !== undefined) alarms.push(gone);
  return holdOrder(order, arrange(alarms));
}
