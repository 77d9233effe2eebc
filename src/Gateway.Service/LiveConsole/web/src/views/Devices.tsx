import { useMemo } from 'preact/hooks';
import type { Device, PresenceState, Unregistered } from '../api/contract';
import { useLang, useWords } from '../i18n';
import { DeviceRow } from './DeviceRow';
import { PresenceIcon } from './Icons';
import { UnregisteredList } from './UnregisteredList';

const STATES: readonly PresenceState[] = ['online', 'offline', 'unknown', 'notInService'];

type Props = { devices: readonly Device[]; unregistered: readonly Unregistered[] };

export function Devices({ devices, unregistered }: Props) {
  const words = useWords();
  const t = words.devices;
  return (
    <section class="panel devices" aria-label={t.heading}>
      <h2>{t.heading}<span class="tally">{devices.length}</span><Summary devices={devices} /></h2>
      {devices.length === 0 ? <p class="calm"><b>{t.none}</b></p> : (
        <table class="device-table">
          <thead><tr><th scope="col">{t.device}</th><th scope="col">{t.presence}</th><th scope="col">{t.values}</th></tr></thead>
          <tbody>{devices.map((d) => <Kept key={d.id} device={d} />)}</tbody>
        </table>
      )}
      {unregistered.length > 0 && <UnregisteredList items={unregistered} />}
    </section>
  );
}

/** Redrawn only when this device changed: the reducer keeps every other device the same object. */
function Kept({ device }: { device: Device }) {
  const lang = useLang();
  return useMemo(() => <DeviceRow device={device} />, [device, lang]);
}

function Summary({ devices }: { devices: readonly Device[] }) {
  const words = useWords();
  return (
    <span class="summary">
      {STATES.map((state) => ({ state, n: devices.filter((d) => d.presence.state === state).length }))
        .filter(({ n }) => n > 0)
        .map(({ state, n }) => <span key={state}><PresenceIcon state={state} />{words.presence[state]} {n}</span>)}
    </span>
  );
}
