// A shape for every colour: red and green must differ for those who cannot tell them apart.
import type { PresenceState, Severity } from '../api/contract';

const SEVERITY_PATHS: Record<Severity, string> = {
  critical: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
  high: 'M8 1.2 15.4 14.5H.6z',
  medium: 'M8 .8 15.2 8 8 15.2.8 8z',
  low: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z',
};

export function SeverityIcon({ severity }: { severity: Severity }) {
  return (
    <svg class={`icon severity-icon sev-${severity}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SEVERITY_PATHS[severity]} fill="currentColor" />
      {severity === 'low'
        ? <path d="M8 7.2v4M8 4.3v1.4" class="icon-mark" />
        : <path d="M8 5v4.2M8 10.9v1.4" class="icon-mark" />}
    </svg>
  );
}

const PRESENCE_PATHS: Record<PresenceState, string> = {
  online: 'M4.3 8.3 7 11l4.8-5.6',
  offline: 'M5 5l6 6M11 5l-6 6',
  unknown: 'M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.3v.9',
  notInService: 'M5 8h6',
};

export function PresenceIcon({ state }: { state: PresenceState }) {
  return <Disc name={state} path={PRESENCE_PATHS[state]} />;
}

export type Mark = 'good' | 'bad' | 'open';
const MARK: Record<Mark, PresenceState> = { good: 'online', bad: 'offline', open: 'unknown' };

/** Good, not good, not known. */
export function MarkIcon({ mark }: { mark: Mark }) {
  return <Disc name={MARK[mark]} path={PRESENCE_PATHS[MARK[mark]]} />;
}

function Disc({ name, path }: { name: PresenceState; path: string }) {
  return (
    <svg class={`icon disc disc-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="7.5" fill="currentColor" />
      <path d={path} class="icon-mark" />
    </svg>
  );
}
