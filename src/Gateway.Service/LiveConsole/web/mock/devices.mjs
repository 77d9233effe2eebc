// Invented devices and their readings.
const r = (base, span, digits = 1) => Number((base + (Math.random() - 0.5) * span).toFixed(digits));
export const ago = (ms) => new Date(Date.now() - ms).toISOString();

const FIELDS = {
  crane: () => [['load_t', 't', r(2.4, 1, 2)], ['rated_t', 't', 6], ['moment_pct', '%', r(62, 20)], ['radius_m', 'm', r(31, 6, 2)], ['height_m', 'm', r(42, 8, 2)], ['slew_deg', '°', r(127, 40)], ['wind_mps', 'm/s', r(5, 3, 2)], ['tilt_deg', '°', r(0.1, 0.1, 2)], ['falls', '', 2], ['alarm_bits', '', Math.random() < 0.3 ? 2 : 0], ['operator', '', 'op-1001']],
  hoist: () => [['load_t', 't', r(0.8, 0.6, 2)], ['height_m', 'm', r(35, 20)], ['speed_mps', 'm/s', r(0.6, 0.2, 2)], ['people', '', Math.floor(Math.random() * 9)], ['floor', '', 11], ['door', '', 0], ['wind_mps', 'm/s', r(4, 2)], ['alarm_bits', '', 0], ['operator', '', '']],
  dust: () => [['tsp_ugm3', 'µg/m³', r(160, 40, 0)], ['pm10_ugm3', 'µg/m³', r(92, 30, 0)], ['pm25_ugm3', 'µg/m³', r(41, 10, 0)], ['noise_db', 'dB', r(63, 6)], ['temp_c', '°C', r(14.2, 1)], ['rh_pct', '%', r(57, 4)], ['wind_mps', 'm/s', r(3, 2)], ['wind_dir_deg', '°', r(135, 60, 0)]],
  wind: () => [['wind_mps', 'm/s', r(6, 3)]],
  camera: () => [['fps', 'fps', 25], ['bitrate_kbps', 'kbit/s', r(4_096, 300, 0)], ['recording', '', 1]],
};

export function values(kind, at) {
  return FIELDS[kind]().map(([field, unit, value]) => ({
    field, unit, value, receivedAt: at, quality: field === 'noise_db' && Math.random() < 0.1 ? 'outOfRange' : 'good',
  }));
}

export function device(id, name, kind, profile, link, { safety = false, bus = null, broker = null, state = 'online', cause = null, ageMs = 18_840_000 }) {
  const since = ago(ageMs);
  const ok = { online: [true, true, true], offline: [true, false, false], unknown: [false, null, null], notInService: [null, null, null] }[state];
  const lastMessageAt = state === 'notInService' ? null : state === 'online' ? ago(900) : since;
  return {
    id, name, kind, profile, safety, link, bus, broker,
    presence: {
      state, cause, since,
      ladder: ['link', 'answering', 'fresh', 'plausible', 'clock'].map((rung, i) => ({ rung, ok: ok[i] ?? null, since: (ok[i] ?? null) === null ? null : since, failures: ok[i] === false ? 1 : 0, detail: null })),
      flapsLastHour: 0,
      expectedMs: 2_000, offlineAfterMs: kind === 'camera' ? 180_000 : 6_000, onlineTodayMs: 30_000_000, requiredTodayMs: 36_000_000,
    },
    lastMessageAt,
    values: lastMessageAt === null ? [] : values(kind, lastMessageAt),
    openAlarms: 0,
  };
}
