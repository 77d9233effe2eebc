// The three 100 % rules and, beneath each, what is missing from 100 %.
import type { Compliance } from '../api/contract';
import { duration } from '../format';
import { useWords } from '../i18n';
import { useNow } from '../now';
import { Figure, Rate } from './Figure';
import { Day } from './Times';

export function Figures({ compliance: { devices, operators, insurance } }: { compliance: Compliance }) {
  const words = useWords();
  const t = words.figures;
  const span = (ms: number) => duration(ms, words.units);
  return (
    <section class="figures" aria-label={t.heading}>
      <Figure id="devices" title={t.devices} share={devices} of={t.ofDevices(devices.numerator, devices.denominator)}>
        {t.today} <b><Rate rate={devices.today.rate} /></b> <small>{span(devices.today.onlineMs)} / {span(devices.today.requiredMs)}</small>
      </Figure>
      <Figure id="operators" title={t.operators} share={operators} of={t.ofWork(span(operators.certifiedMs), span(operators.workingMs))}>
        {t.todayWork} <b>{span(operators.workingMs)}</b>
      </Figure>
      <Figure id="insurance" title={t.insurance} share={insurance} of={t.ofPolicies(insurance.numerator, insurance.denominator)}>
        {t.validTo} <b>{insurance.validTo === null ? '–' : <Day at={insurance.validTo} />}</b> {insurance.validTo !== null && <DaysLeft to={insurance.validTo} />}
      </Figure>
    </section>
  );
}

function DaysLeft({ to }: { to: string }) {
  const words = useWords();
  const now = useNow();
  const left = now === null ? NaN : Math.floor((Date.parse(to) - now) / 86_400_000);
  return Number.isNaN(left) || left < 0 ? null : <small>{words.figures.daysLeft(left)}</small>;
}
