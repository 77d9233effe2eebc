import type { Broker, Site, Uplink } from '../api/contract';
import { bytes, count } from '../format';
import { useWords, word } from '../i18n';
import { MarkIcon, type Mark } from './Icons';
import { Age, Moment } from './Times';

export function System({ site, seq }: { site: Site; seq: number }) {
  const words = useWords();
  const t = words.system;
  const { gateway, frontiers, store } = site;
  return (
    <section class="panel system" aria-label={t.heading} data-testid="system">
      <h2>{t.heading}</h2>
      <div class="system-grid">
        <div>
          <h3>{t.frontiers}</h3>
          <dl>
            <dt>{t.received}</dt><dd data-testid="received">{count(frontiers.received)}</dd>
            <dt>{t.committed}</dt><dd data-testid="committed">{count(frontiers.committed)} <Lag of={frontiers.received - frontiers.committed} /></dd>
            <dt>{t.settled}</dt>
            <dd data-testid="settled">{frontiers.settled === null ? t.noTarget : <>{count(frontiers.settled)} <Lag of={frontiers.committed - frontiers.settled} /></>}</dd>
          </dl>
        </div>
        <div>
          <h3>{t.uplinks}</h3>
          {site.uplinks.length === 0 && <p class="small">{t.noUplinks}</p>}
          <ul class="uplinks">{site.uplinks.map((u) => <UplinkItem key={u.name} uplink={u} />)}</ul>
          {site.brokers.length > 0 && <h3>{t.brokers}</h3>}
          <ul class="uplinks">{site.brokers.map((b) => <BrokerItem key={b.id} broker={b} />)}</ul>
        </div>
        <div>
          <h3>{t.store}</h3>
          <p>{t.used(bytes(store.telemetryBytes), bytes(store.budgetBytes))}</p>
          <meter min={0} max={Math.max(1, store.budgetBytes)} low={store.budgetBytes * 0.8} high={store.budgetBytes * 0.95} optimum={0} value={store.telemetryBytes} aria-label={t.store} />
          <p class={store.droppedLines > 0 ? 'problem' : 'small'}>{store.droppedLines > 0 ? t.dropped(count(store.droppedLines)) : t.noneDropped}</p>
          {store.oldestAt !== null && <p class="small">{t.oldest} <Moment at={store.oldestAt} /></p>}
        </div>
        <div>
          <h3>{t.gateway}</h3>
          <dl>
            <dt>{t.gateway}</dt><dd>{gateway.id}</dd>
            <dt>{t.version}</dt><dd>{gateway.version}</dd>
            <dt>{t.uptime}</dt><dd><Age at={gateway.startedAt} /></dd>
            <dt>{t.lastEnd}</dt><dd data-testid="last-end">{word(words.reasons, gateway.lastEnd)}</dd>
            <dt>{t.chain}</dt><dd>{count(seq)}</dd>
            <dt>{t.siteClass}</dt><dd>{word(words.siteClasses, site.site.class)}</dd>
          </dl>
        </div>
      </div>
    </section>
  );
}

function Lag({ of }: { of: number }) {
  const words = useWords();
  return of > 0 ? <small>{words.system.pending(count(of))}</small> : null;
}

const UPLINK_MARK: Record<Uplink['state'], Mark> = { ok: 'good', idle: 'open', retrying: 'bad', open: 'bad', refused: 'bad' };

function UplinkItem({ uplink }: { uplink: Uplink }) {
  const words = useWords();
  return (
    <li data-testid="uplink" data-name={uplink.name} data-state={uplink.state}>
      <p><MarkIcon mark={UPLINK_MARK[uplink.state]} /><b>{uplink.name}</b> <span>{words.uplinkStates[uplink.state]}</span></p>
      <p class="small">{uplink.kind} · {words.system.queued(count(uplink.queuedLines))}</p>
      {uplink.lastError !== null && <p class="problem">{uplink.lastError}</p>}
    </li>
  );
}

function BrokerItem({ broker }: { broker: Broker }) {
  const words = useWords();
  return (
    <li data-testid="broker" data-id={broker.id} data-state={broker.state}>
      <p><MarkIcon mark={UPLINK_MARK[broker.state]} /><b>{broker.id}</b> <span>{words.uplinkStates[broker.state]} <Age at={broker.since} /></span></p>
      <p class="small">{broker.address}</p>
      {broker.lastError !== null && <p class="problem">{broker.lastError}</p>}
    </li>
  );
}
