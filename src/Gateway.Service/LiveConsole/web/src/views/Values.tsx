// Every value with its unit and its age; grey once it is older than the device may be silent.
import type { Device, Value } from '../api/contract';
import { useWords, word } from '../i18n';
import { useNow } from '../now';
import { isStale, show } from '../values';
import { Age } from './Times';

export function Values({ device }: { device: Device }) {
  const words = useWords();
  if (device.values.length === 0) return <p class="small">{words.devices.noValues}</p>;
  return <dl class="values">{device.values.map((v) => <Reading key={v.field} value={v} device={device} />)}</dl>;
}

function Reading({ value, device }: { value: Value; device: Device }) {
  const words = useWords();
  const now = useNow();
  const stale = now !== null && isStale(value, now, device.presence.offlineAfterMs);
  const shown = show(value, device, words);
  const doubtful = value.quality !== 'good';
  return (
    <div class={`value ${stale ? 'value-stale' : ''} ${doubtful ? 'value-doubtful' : ''}`} data-field={value.field} data-quality={value.quality} data-stale={String(stale)}>
      <dt title={value.field}>{word(words.fields, value.field)}</dt>
      <dd>
        <span class="value-number">{shown.text}</span>{shown.unit !== '' && <span class="value-unit">{shown.unit}</span>}
        {doubtful && <span class="value-quality">{words.qualities[value.quality] ?? value.quality}</span>}
        <span class="value-age">{value.receivedAt === null ? words.devices.never : <Age at={value.receivedAt} short />}{stale && <span class="unseen"> {words.devices.stale}</span>}</span>
      </dd>
    </div>
  );
}
