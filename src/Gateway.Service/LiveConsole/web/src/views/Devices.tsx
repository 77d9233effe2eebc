import { useMemo } from 'preact/hooks';
import type { Alarm, Device, PresenceState, Unregistered } from '../api/contract';
import { countByDevice } from '../alarms';
import { useLang, useWords } from '../i18n';
import { DeviceRow } from './DeviceRow';
import { PresenceIcon } from './Icons';
import { UnregisteredList } from './UnregisteredList';

const STATES: readonly PresenceState[] = ['online', 'offline', 'unknown', 'notInService'];

type Props = { alarms: ReadonlyMap<string, Alarm>; devices: readonly Device[]; unregistered: readonly Unregistered[] };

export function Devices({ alarms, devices, unregistered }: Props) {
  const words = useWords();
  const t = words.devices;
  const open = countByDevice(alarms.values());
  return (
    <section class="panel devices" aria-label={t.heading}>
      <h2>{t.heading}<span class="tally">{devices.length}</span><Summary devices={devices} /></h2>
      {devices.length === 0 ? <p class="calm"><b>{t.none}</b></p> : (
        <table class="device-table">
          <thead><tr><th scope="col">{t.device}</th><th scope="col">{t.presence}</th><th scope="col">{t.values}</th></tr></thead>
          <tbody>{devices.map((d) => <Kept key={d.id} device={d} openAlarms={open.get(d.id) ?? 0} />)}</tbody>
        </table>
      )}
      {unregistered.length > 0 && <UnregisteredList items={unregistered} />}
    </section>
  );
}

/** Redrawn only when this device changed: the reducer keeps every other device the same object. */
function Kept({ device, openAlarms }: { device: Device; openAlarms: number }) {
  const lang = useLang();
  return useMemo(() => <DeviceRow device={device} openAlarms={openAlarms} />, [device, openAlarms, lang]);
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
