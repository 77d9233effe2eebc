// link → answering → fresh: the first rung that fails is where the crew should look.
import type { Rung } from '../api/contract';
import { useWords } from '../i18n';
import { MarkIcon, type Mark } from './Icons';
import { Age } from './Times';

const MARKS: Record<string, Mark> = { true: 'good', false: 'bad', null: 'open' };

export function Ladder({ rungs }: { rungs: readonly Rung[] }) {
  const words = useWords();
  const wording: Record<Mark, string> = { good: words.rungStates.ok, bad: words.rungStates.failed, open: words.rungStates.unknown };
  const broken = rungs.find((r) => r.ok === false);
  return (
    <ol class="ladder" data-testid="ladder">
      {rungs.map((r) => {
        const mark = MARKS[String(r.ok)] ?? 'open';
        return (
          <li key={r.rung} data-rung={r.rung} data-ok={String(r.ok)}>
            <MarkIcon mark={mark} />{words.rungs[r.rung] ?? r.rung}<span class="unseen"> {wording[mark]}</span>
            {r === broken && r.since !== null && <Age at={r.since} short />}
          </li>
        );
      })}
    </ol>
  );
}
