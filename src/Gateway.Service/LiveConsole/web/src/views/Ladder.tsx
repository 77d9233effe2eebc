// link → answering → fresh → plausible → clock: the first rung that fails is where the crew should look.
import type { CheckDetail, Rung } from '../api/contract';
import { number } from '../format';
import { pick, useLang, useWords, word } from '../i18n';
import { MarkIcon, type Mark } from './Icons';
import { Age } from './Times';

const MARKS: Record<string, Mark> = { true: 'good', false: 'bad', null: 'open' };

export function Ladder({ rungs }: { rungs: readonly Rung[] }) {
  const words = useWords();
  const wording: Record<Mark, string> = { good: words.rungStates.ok, bad: words.rungStates.failed, open: words.rungStates.unknown };
  const broken = rungs.find((r) => r.ok === false);
  return (
    <>
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
      {rungs.map((r) => r.detail !== null && <Detail key={r.rung} detail={r.detail} failures={r.failures} />)}
    </>
  );
}

/** Which check failed, on what, against what, and what to try. */
function Detail({ detail, failures }: { detail: CheckDetail; failures: number }) {
  const words = useWords();
  const lang = useLang();
  const figures = [
    detail.field === null ? null : word(words.fields, detail.field),
    detail.seen === null ? null : words.checks.seen(number(detail.seen), number(detail.limit)),
    words.checks.failures(failures),
  ];
  return (
    <p class="small" data-testid="ladder-detail" data-check={detail.check}>
      <b>{pick(detail.title, lang)}</b> {figures.filter((f) => f !== null).join(' · ')}<br />{pick(detail.advice, lang)}
    </p>
  );
}
