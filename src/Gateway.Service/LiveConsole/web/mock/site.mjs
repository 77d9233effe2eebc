// An invented site that lives: readings change, alarms come and go. Only for trying the page; nothing here is the gateway's logic.
import { ago, device, values } from './devices.mjs';

const T = (zh, en) => ({ zh, en });
const iso = (ms = Date.now()) => new Date(ms).toISOString();
export { iso };

const RULES = [
  { rule: 'crane/moment-high', severity: 'critical', subject: 'crane-1', title: T('力矩超限', 'Moment over limit'), advice: T('立即停止起升和变幅增大，放下吊物，核对吊重与幅度。', 'Stop hoisting and radius-out at once, set the load down, check load and radius.'), limit: 100, value: () => 100 + Math.random() * 15 },
  { rule: 'site/wind-high', severity: 'high', subject: 'wind-1', title: T('风速超限', 'Wind over limit'), advice: T('停止吊装作业，吊钩升至最高，放松回转制动。', 'Stop lifting, raise the hook, release the slewing brake.'), limit: 13.8, value: () => 14 + Math.random() * 6 },
  { rule: 'dust/pm10-high', severity: 'medium', subject: 'dust-3', title: T('PM10 超限', 'PM10 over limit'), advice: T('开启雾炮和喷淋，检查裸土覆盖，暂停土方。', 'Start fog cannon and sprinklers, check the covers, pause earthworks.'), limit: 150, value: () => 155 + Math.random() * 200 },
  { rule: 'device/clock-skew', severity: 'low', subject: 'hoist-1', title: T('设备时钟偏差', 'Device clock off'), advice: T('校准设备时钟；检查其对时服务器。', 'Set the device clock; check its time server.'), limit: 60, value: () => 61 + Math.random() * 60 },
];

export function createSite({ say }) {
  let seq = 41_200;
  let alarmNo = 0;
  const startedAt = ago(93_600_000);
  const devices = [
    device('crane-1', T('1# 塔机', 'Tower crane 1'), 'crane', 'crane-json', 'mqtt', { safety: true }),
    device('crane-2', T('2# 塔机', 'Tower crane 2'), 'crane', 'crane-json', 'mqtt', { safety: true, state: 'offline', cause: 'will', ageMs: 754_000 }),
    device('hoist-1', T('1# 施工升降机', 'Hoist 1'), 'hoist', 'hoist-json', 'mqtt', { safety: true }),
    device('weather-1', T('气象扬尘站', 'Weather and dust station'), 'dust', 'renke-fsxcs-n01', 'modbus', { bus: 'bus-1', state: 'unknown', cause: 'bus', ageMs: 312_000 }),
    device('wind-1', T('塔顶风速仪', 'Crane-top anemometer'), 'wind', 'renke-fsjt-n01', 'modbus', { bus: 'bus-1', safety: true, state: 'unknown', cause: 'bus', ageMs: 312_000 }),
    device('dust-2', T('东门扬尘监测', 'Dust monitor, east gate'), 'dust', 'hj212-dust', 'hj212', {}),
    device('dust-3', T('基坑扬尘监测', 'Dust monitor, pit'), 'dust', 'dust-json', 'mqtt', {}),
    device('camera-1', T('大门摄像机', 'Gate camera'), 'camera', 'camera-json', 'mqtt', {}),
    device('camera-2', T('1# 塔机摄像机', 'Crane 1 camera'), 'camera', 'camera-json', 'mqtt', { state: 'notInService', ageMs: 8_640_000 }),
  ];
  const unregistered = [{ link: 'mqtt', address: 'site/demo-site/crane/crane-9/telemetry', kind: 'crane', firstSeen: ago(5_400_000), lastSeen: ago(1_000), messages: 2_711, sample: '{"ts":1790000000000,"seq":2711,"load_t":1.42,"rated_t":6,"moment_pct":31.5,"radius_m":22.1}' }];
  const alarms = new Map();
  const closed = [];
  const frontiers = { received: 1_204_331, committed: 1_204_331, settled: 1_203_980 };

  const find = (id) => devices.find((d) => d.id === id);
  const subject = (id) => ({ kind: 'device', id, name: find(id).name });

  function raise(over) {
    seq += 1;
    alarmNo += 1;
    const now = iso();
    const alarm = { id: `0198a000-0000-7000-8000-${String(alarmNo).padStart(12, '0')}`, seq, advice: T('', ''), state: 'unacked', cause: null, root: null, raisedAt: now, changedAt: now, ackedAt: null, ackedBy: null, note: null, returnedAt: null, value: null, limit: null, count: 1, ...over };
    alarms.set(alarm.id, alarm);
    say('alarm', alarm, seq);
    return alarm;
  }

  function change(alarm, over) {
    seq += 1;
    const next = { ...alarm, ...over, seq, changedAt: iso() };
    if (next.state === 'normal') {
      alarms.delete(next.id);
      closed.unshift(next);
    } else alarms.set(next.id, next);
    say('alarm', next, seq);
    return next;
  }

  const bus = raise({ rule: 'bus/down', severity: 'high', subject: { kind: 'bus', id: 'bus-1', name: T('气象 485 总线', 'Weather RS-485 bus') }, title: T('总线中断', 'Bus down'), advice: T('检查 485 适配器的 USB 插头与供电，再检查总线 A/B 线。', "Check the adapter's USB plug and supply, then the A/B pair of the bus."), cause: 'port', raisedAt: ago(312_000) });
  for (const id of ['weather-1', 'wind-1']) raise({ rule: 'device/offline', severity: 'medium', subject: subject(id), title: T('设备状态未知', 'Device state not known'), state: 'suppressed', root: bus.id, cause: 'bus', raisedAt: ago(312_000) });
  raise({ rule: 'device/offline', severity: 'high', subject: subject('crane-2'), title: T('安全装置离线', 'Safety device offline'), advice: T('检查驾驶室供电与 4G 天线；重启黑匣子。', 'Check cab power and the 4G antenna; restart the unit.'), cause: 'will', raisedAt: ago(754_000), state: 'acked', ackedAt: ago(600_000), ackedBy: '王维保', note: '已联系租赁单位' });

  function share(items, of) {
    const rate = of === 0 ? null : (Math.floor(((of - items.length) / of) * 100_000) / 1_000).toFixed(3);
    return { numerator: of - items.length, denominator: of, rate, met: of > 0 && items.length === 0, missing: items };
  }

  function site() {
    const safety = devices.filter((d) => d.safety);
    const missing = safety.filter((d) => d.presence.state !== 'online').map((d) => ({ id: d.id, name: d.name, reason: d.presence.state === 'unknown' ? `unknown/${d.presence.cause}` : d.presence.cause, since: d.presence.since }));
    return {
      gateway: { id: 'demo-gateway', version: '0.1.0', startedAt, now: iso(), lastEnd: 'power' },
      site: { id: 'demo-site', name: T('示范工地', 'Demonstration site'), timeZone: 'Asia/Shanghai', class: 'green' },
      compliance: {
        devices: { ...share(missing, safety.length), today: { onlineMs: 107_532_000, requiredMs: 122_400_000, rate: '87.852' } },
        operators: { numerator: 9_180_000, denominator: 9_180_000, rate: '100.000', met: true, missing: [], workingMs: 9_180_000, certifiedMs: 9_180_000 },
        insurance: { ...share([], 1), validTo: '2027-12-31' },
      },
      frontiers: { ...frontiers },
      uplinks: [
        { name: 'victoria', kind: 'influx-v2', state: 'ok', queuedLines: 351, lastError: null },
        { name: 'city', kind: 'influx-v1', state: 'retrying', queuedLines: 20_480, lastError: '503 Service Unavailable, next attempt in 8 s' },
      ],
      brokers: [
        { id: 'yard', address: '192.0.2.7:8883', state: 'ok', since: startedAt, lastError: null },
        { id: 'lessor', address: 'mqtt.lessor.example:1883', state: 'retrying', since: ago(95_000), lastError: 'Connection refused' },
      ],
      store: { telemetryBytes: 1_310_000_000, budgetBytes: 8_000_000_000, droppedLines: 0, oldestAt: ago(432_000_000) },
    };
  }

  function readings() {
    const now = iso();
    const live = devices.filter((d) => d.presence.state === 'online' && Math.random() < 0.6);
    for (const d of live) {
      d.lastMessageAt = now;
      d.values = values(d.kind, now);
    }
    frontiers.received += live.length;
    frontiers.committed = frontiers.received;
    frontiers.settled = frontiers.received - 351;
    unregistered[0].lastSeen = now;
    unregistered[0].messages += 1;
    say('readings', { now, devices: live.map(({ id, lastMessageAt, values: v }) => ({ id, lastMessageAt, values: v })) });
  }

  /** Every few seconds something happens: an alarm comes, or one that stood for a while returns. */
  function happen() {
    const short = [...alarms.values()].filter((a) => RULES.some((r) => r.rule === a.rule));
    if (short.length >= 4) {
      const oldest = short[0];
      if (oldest.state === 'unacked') change(oldest, { state: 'returnedUnacked', returnedAt: iso() });
      else change(oldest, { state: 'normal', returnedAt: oldest.returnedAt ?? iso() });
      return;
    }
    const { subject: id, value, ...rule } = RULES[alarmNo % RULES.length];
    raise({ ...rule, subject: subject(id), value: Math.round(value() * 10) / 10, cause: 'threshold', count: 1 + (alarmNo % 3) });
  }

  function acknowledge(id, who, note) {
    const alarm = alarms.get(id);
    if (alarm === undefined) return closed.some((a) => a.id === id) ? 409 : 404;
    if (alarm.state !== 'unacked' && alarm.state !== 'returnedUnacked') return 409;
    return change(alarm, { state: alarm.state === 'unacked' ? 'acked' : 'normal', ackedAt: iso(), ackedBy: who, note });
  }

  /** The safety crane comes and goes, so that the figure can be seen to change. */
  function toggleCrane() {
    const d = find('crane-2');
    const online = d.presence.state !== 'online';
    seq += 1;
    d.presence = { ...d.presence, state: online ? 'online' : 'offline', cause: online ? null : 'silent', since: iso(), ladder: d.presence.ladder.map((r) => ({ ...r, ok: online || r.rung === 'link', since: iso() })) };
    say('presence', { device: d.id, presence: d.presence }, seq);
    say('site', { site: site(), unregistered });
  }

  const open = () => [...alarms.values()];
  const snapshot = () => ({ seq, now: iso(), site: site(), devices: devices.map((d) => ({ ...d, openAlarms: open().filter((a) => a.subject.id === d.id).length })), unregistered, alarms: open() });
  return { site, devices: () => devices, unregistered: () => unregistered, open, closed: () => closed, snapshot, readings, happen, acknowledge, toggleCrane, seq: () => seq };
}
