// A stand-in for the gateway while the page is being worked on: implements API.md with an invented site. See README.md.
//   node mock/server.mjs [--port 28100] [--anonymous] [--setup] [--calm]
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createSite, iso } from './site.mjs';

const { values: options } = parseArgs({ options: { port: { type: 'string', default: '28100' }, anonymous: { type: 'boolean' }, setup: { type: 'boolean' }, calm: { type: 'boolean' } } });
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const JOURNAL_MAX = 500;

const users = new Map([['viewer', 'viewer'], ['crew', 'crew'], ['safety', 'safety'], ['admin', 'administrator']]);
let setupNeeded = options.setup ?? false;
const sessions = new Map();
const streams = new Set();
const journal = [];
let silentUntil = 0;

function say(event, data, id) {
  const text = `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  if (id !== undefined) {
    journal.push({ id, text });
    if (journal.length > JOURNAL_MAX) journal.shift();
  }
  if (Date.now() >= silentUntil) for (const stream of streams) stream.write(text);
}

const site = createSite({ say });
setInterval(site.readings, 1_000);
setInterval(() => say('tick', { now: iso(), seq: site.seq() }), 5_000);
setInterval(() => say('site', { site: site.site(), unregistered: site.unregistered() }), 3_000);
if (!options.calm) {
  setInterval(site.happen, 4_000);
  setInterval(site.toggleCrane, 20_000);
}

const sessionOf = (request) => sessions.get(/gateway-mock=(\w+)/.exec(request.headers.cookie ?? '')?.[1]);
const asSession = (who) => who
  ? { ...who, anonymous: false, setupNeeded: false }
  : { user: null, role: options.anonymous ? 'viewer' : null, anonymous: options.anonymous ?? false, setupNeeded };

function json(response, status, body, headers = {}) {
  const problem = status >= 400;
  response.writeHead(status, { 'Content-Type': problem ? 'application/problem+json' : 'application/json', 'Cache-Control': 'no-store', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(problem ? { status, title: body } : body));
}

function enter(response, user, role) {
  const key = Math.random().toString(36).slice(2);
  sessions.set(key, { user, role });
  json(response, 200, asSession({ user, role }), { 'Set-Cookie': `gateway-mock=${key}; HttpOnly; SameSite=Strict; Path=/` });
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

function events(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const last = Number(request.headers['last-event-id'] ?? NaN);
  const resumable = journal.length > 0 && last >= journal[0].id && last <= site.seq();
  if (resumable) for (const { id, text } of journal) id > last && response.write(text);
  else response.write(`id: ${site.seq()}\nevent: snapshot\ndata: ${JSON.stringify(site.snapshot())}\n\n`);
  streams.add(response);
  request.on('close', () => streams.delete(response));
}

function page(items, query) {
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 100);
  return { items: items.slice(from, to), next: to < items.length ? String(to) : null };
}

async function api(request, response, url) {
  const who = sessionOf(request);
  const route = `${request.method} ${url.pathname}`;
  if (request.method !== 'GET' && request.headers['x-gateway-request'] !== '1') return json(response, 403, 'X-Gateway-Request is missing');
  if (route === 'GET /api/v1/session') return json(response, 200, asSession(who));
  if (route === 'POST /api/v1/session') {
    const { user, password } = await bodyOf(request);
    return users.has(user) && password === 'try-the-console' ? enter(response, user, users.get(user)) : json(response, 401, 'user or password is wrong');
  }
  if (route === 'POST /api/v1/session/link') {
    const { token, user, password } = await bodyOf(request);
    if (token !== 'try') return json(response, 401, 'the link is invalid, used or expired');
    if (setupNeeded && (!user || (password ?? '').length < 12)) return json(response, 400, 'a set-up link needs a user and a password of 12 characters');
    setupNeeded = false;
    return enter(response, user ?? 'crew', user ? 'administrator' : 'crew');
  }
  if (!who && !options.anonymous) return json(response, 401, 'sign in first');
  if (route === 'DELETE /api/v1/session') {
    for (const [key, value] of sessions) if (value === who) sessions.delete(key);
    return json(response, 204);
  }
  if (route === 'GET /api/v1/site') return json(response, 200, site.site());
  if (route === 'GET /api/v1/devices') return json(response, 200, { items: site.devices(), unregistered: site.unregistered() });
  if (route === 'GET /api/v1/alarms') return json(response, 200, page(url.searchParams.get('state') === 'closed' ? site.closed() : site.open(), url.searchParams));
  if (route === 'GET /api/v1/events') return events(request, response);
  const ack = /^POST \/api\/v1\/alarms\/([\w-]+)\/ack$/.exec(route);
  if (ack === null) return json(response, 404, 'no such endpoint');
  if (!who || who.role === 'viewer') return json(response, 403, 'crew or above may acknowledge');
  const answer = site.acknowledge(ack[1], who.user, (await bodyOf(request)).note ?? '');
  return typeof answer === 'number' ? json(response, answer, answer === 404 ? 'no such alarm' : 'nothing to acknowledge') : json(response, 200, answer);
}

/** What a field trial does to a stream: POST /mock/silence?seconds=20, /mock/drop, /mock/crane, /mock/alarm, /mock/forget (sessions). */
function tamper(response, url) {
  const what = url.pathname.split('/')[2];
  if (what === 'silence') silentUntil = Date.now() + 1_000 * Number(url.searchParams.get('seconds') ?? 20);
  else if (what === 'drop') for (const stream of streams) stream.destroy();
  else if (what === 'crane') site.toggleCrane();
  else if (what === 'alarm') site.happen();
  else if (what === 'forget') {
    sessions.clear();
    for (const stream of streams) stream.destroy();
  } else return json(response, 404, 'silence, drop, crane, alarm or forget');
  return json(response, 204);
}

/** The built page, under the policy the gateway serves it with. */
async function file(response, path) {
  const name = normalize(path === '/' ? '/index.html' : path);
  try {
    const content = await readFile(join(DIST, name));
    response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': "default-src 'self'", 'Cache-Control': 'no-store' });
    response.end(content);
  } catch {
    json(response, 404, 'not found: run npm run build first');
  }
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://mock');
  const work = url.pathname.startsWith('/api/') ? api(request, response, url) : url.pathname.startsWith('/mock/') ? tamper(response, url) : file(response, url.pathname);
  Promise.resolve(work).catch((error) => json(response, 500, String(error)));
}).listen(Number(options.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${options.port}`));
