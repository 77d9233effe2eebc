import type { ComponentChildren } from 'preact';
import type { Missing, Share } from '../api/contract';
import { pick, reason, useLang, useWords } from '../i18n';
import { MarkIcon } from './Icons';
import { Age } from './Times';

type Props = { id: string; title: string; share: Share; of: string; children: ComponentChildren };

export function Figure({ id, title, share, of, children }: Props) {
  const words = useWords();
  const t = words.figures;
  const state = share.rate === null ? 'none' : share.met ? 'met' : 'missed';
  return (
    <article class={`figure figure-${state}`} data-testid={`figure-${id}`} data-met={String(share.met)} data-rate={share.rate ?? 'n/a'}>
      <h2>{title}</h2>
      <p class="figure-rate"><Rate rate={share.rate} /></p>
      <p class="figure-verdict">
        <MarkIcon mark={state === 'met' ? 'good' : state === 'missed' ? 'bad' : 'open'} />
        {state === 'met' ? t.met : state === 'missed' ? t.notMet : t.nothingRequired}
      </p>
      {share.denominator > 0 && <p class="figure-of">{of}</p>}
      <p class="figure-more">{children}</p>
      {share.missing.length > 0 && (
        <div class="figure-missing">
          <h3>{t.missing(share.missing.length)}</h3>
          <ul>{share.missing.map((m) => <MissingItem key={m.id + m.reason} missing={m} />)}</ul>
        </div>
      )}
    </article>
  );
}

function MissingItem({ missing }: { missing: Missing }) {
  const words = useWords();
  const lang = useLang();
  return (
    <li data-testid="missing" data-id={missing.id}>
      <b>{pick(missing.name, lang) || missing.id}</b>
      <span>{reason(words, missing.reason)}</span>
      {missing.since !== null && <Age at={missing.since} />}
    </li>
  );
}

/** Exactly the gateway's digits: it floors, so 99.999 must never be rounded to 100 on the way to the eye. */
export function Rate({ rate }: { rate: string | null }) {
  const words = useWords();
  if (rate === null) return <span class="rate">{words.notAvailable}</span>;
  const [whole, decimals] = rate.split('.');
  return <span class="rate">{whole}{decimals !== undefined && <span class="rate-decimals">.{decimals}</span>}<span class="rate-unit"> %</span></span>;
}
