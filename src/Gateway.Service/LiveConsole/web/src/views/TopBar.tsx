import { useContext } from 'preact/hooks';
import { countBySeverity, SEVERITIES } from '../alarms';
import { date, timeOfDay } from '../format';
import { pick, useLang, useWords, type Lang } from '../i18n';
import { useNow, useSample } from '../now';
import type { Console } from '../session';
import { streamState, type State } from '../state';
import { SeverityIcon } from './Icons';
import { ZoneContext } from './Times';

type Props = { state: State; console: Console; onLang: (lang: Lang) => void };

export function TopBar({ state, console, onLang }: Props) {
  const words = useWords();
  const lang = useLang();
  const name = state.site === null ? words.product : pick(state.site.site.name, lang);
  return (
    <header class="top">
      <h1>{name}</h1>
      <Clock />
      <div class="top-status">
        <StreamPill state={state} />
        <AlarmCount state={state} />
      </div>
      <div class="top-actions">
        <Who state={state} console={console} />
        <button type="button" class="quiet" data-testid="lang" lang={lang === 'zh' ? 'en' : 'zh-CN'} onClick={() => onLang(lang === 'zh' ? 'en' : 'zh')}>
          {words.switchLanguage}
        </button>
      </div>
    </header>
  );
}

function Clock() {
  const words = useWords();
  const zone = useContext(ZoneContext);
  const now = useNow();
  if (now === null) return null;
  return (
    <p class="clock" data-testid="clock" title={`${words.top.clock} · ${zone}`}>
      <span class="clock-time">{timeOfDay(now, zone)}</span> <span class="clock-date">{date(now, zone)}</span> <span class="clock-zone">{zone}</span>
    </p>
  );
}

function StreamPill({ state }: { state: State }) {
  const words = useWords();
  const stream = streamState(state, useSample());
  return <span class={`pill stream-${stream}`} data-testid="stream" role="status"><i class="pill-dot" />{words.stream[stream]}</span>;
}

/** Stays in sight while one reads further down: new alarms are noticed without anything moving. */
function AlarmCount({ state }: { state: State }) {
  const words = useWords();
  const counts = countBySeverity(state.alarms.values());
  const total = SEVERITIES.reduce((sum, s) => sum + counts[s], 0);
  if (state.site === null || total === 0) return null;
  return (
    <a class="pill alarm-count" href="#alarms" data-testid="alarm-count">
      <span class="unseen">{words.top.openAlarms(total)}</span>
      {SEVERITIES.filter((s) => counts[s] > 0).map((s) => (
        <span key={s} title={words.severities[s]}><SeverityIcon severity={s} /><span class="unseen">{words.severities[s]} </span>{counts[s]}</span>
      ))}
    </a>
  );
}

function Who({ state: { session, gate }, console }: { state: State; console: Console }) {
  const words = useWords();
  if (session === null) return null;
  if (session.user === null) {
    return (
      <>
        {session.role !== null || session.anonymous ? <span class="who">{words.top.readOnly}</span> : null}
        {gate.kind === 'open' && <button type="button" class="quiet" data-testid="sign-in" onClick={console.askToSignIn}>{words.top.signIn}</button>}
      </>
    );
  }
  return (
    <>
      <span class="who" data-testid="who" data-role={session.role ?? ''}>
        {session.user}{session.role !== null && <small>{words.roles[session.role]}</small>}
      </span>
      <button type="button" class="quiet" data-testid="sign-out" onClick={() => void console.signOut()}>{words.top.signOut}</button>
    </>
  );
}
