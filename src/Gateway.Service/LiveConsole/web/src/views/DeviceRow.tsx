import type { Device } from '../api/contract';
import { pick, reason, useLang, useWords, word } from '../i18n';
import { PresenceIcon } from './Icons';
import { Ladder } from './Ladder';
import { Age } from './Times';
import { Values } from './Values';

export function DeviceRow({ device, openAlarms }: { device: Device; openAlarms: number }) {
  const words = useWords();
  const lang = useLang();
  const t = words.devices;
  return (
    <tr class={`device device-${device.presence.state}`} data-testid="device" data-device={device.id} data-presence={device.presence.state}>
      <th scope="row">
        <b class="device-name">{pick(device.name, lang) || device.id}</b>
        <span class="device-kind">{word(words.kinds, device.kind)} · {word(words.links, device.link)}{(device.bus ?? device.broker) !== null && ` · ${device.bus ?? device.broker}`}</span>
        <span class="device-id">{device.id}</span>
        {device.safety && <span class="tag">{t.safety}</span>}
        {openAlarms > 0 && <a class="tag tag-alarm" href="#alarms">{t.openAlarms(openAlarms)}</a>}
      </th>
      <td class="device-presence"><PresenceCell device={device} /></td>
      <td class="device-values"><Values device={device} /></td>
    </tr>
  );
}

function PresenceCell({ device: { presence, lastMessageAt } }: { device: Device }) {
  const words = useWords();
  const t = words.devices;
  return (
    <>
      <p class={`presence presence-${presence.state}`}>
        <PresenceIcon state={presence.state} /><b>{words.presence[presence.state]}</b> <Age at={presence.since} />
      </p>
      {presence.cause !== null && <p class="presence-cause">{reason(words, presence.cause)}</p>}
      {presence.state !== 'notInService' && <Ladder rungs={presence.ladder} />}
      {presence.flapsLastHour > 0 && <p class="small" data-testid="flaps">{words.checks.flaps(presence.flapsLastHour)}</p>}
      <p class="small">{t.lastMessage} {lastMessageAt === null ? t.never : <Age at={lastMessageAt} form="ago" short />}</p>
    </>
  );
}
