// MQTT.js, told what to do by lines of JSON; see ../README.md.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import mqtt from 'mqtt'

let client

const say = what => process.stdout.write(`${JSON.stringify(what)}\n`)

const pem = file => file === null ? undefined : readFileSync(file)

const commands = {
  connect({ id, port, version, keepSeconds, will, aliases, returns, user, password, tls, webSocket }) {
    const isV5 = version === 5
    client = mqtt.connect({
      ...(tls ? { protocol: 'mqtts', host: 'localhost', ca: pem(tls.ca), cert: pem(tls.certificate), key: pem(tls.key) } : { host: '127.0.0.1', ...(webSocket && { protocol: 'ws', path: '/mqtt' }) }),
      ...(user !== null && { username: user, password }), port, clientId: id, protocolVersion: version, keepalive: 30, reconnectPeriod: returns ? 100 : 0, connectTimeout: 10_000,
      clean: keepSeconds === 0, resubscribe: false, autoUseTopicAlias: aliases, autoAssignTopicAlias: aliases,
      properties: isV5 ? { sessionExpiryInterval: keepSeconds, ...(aliases && { topicAliasMaximum: 16 }) } : undefined,
      will: will ? { topic: will.topic, payload: will.payload, qos: 1, retain: false, ...(isV5 && { properties: { willDelayInterval: will.delaySeconds } }) } : undefined,
    })
    client.on('connect', connack => say({ is: 'connected', present: connack.sessionPresent }))
    client.on('message', (topic, payload, packet) => say({
      is: 'message', topic, payload: payload.toString(), qos: packet.qos, retain: packet.retain, expirySeconds: packet.properties?.messageExpiryInterval ?? null,
    }))
    client.on('disconnect', packet => say({ is: 'dismissed', reason: packet.reasonCode }))
    client.on('close', () => say({ is: 'closed' }))
    client.on('error', error => {
      process.stderr.write(`${error}\n`)
      if (!client.connected) say({ is: 'refused', reason: typeof error.code === 'number' ? error.code : null })
    })
  },
  subscribe({ filters, qos }) {
    client.subscribe(filters, { qos }, (error, granted) => say({ is: 'subscribed', codes: error ? [128] : granted.map(g => g.qos) }))
  },
  publish({ key, topic, payload, qos, retain, expirySeconds }) {
    const properties = expirySeconds === null ? undefined : { messageExpiryInterval: expirySeconds }
    client.publish(topic, payload, { qos, retain, properties }, error => {
      if (error) process.stderr.write(`${error}\n`)
      else say({ is: 'acknowledged', key })
    })
  },
  disconnect() {
    client.end()
  },
}

createInterface({ input: process.stdin })
  .on('line', line => {
    const { do: verb, ...rest } = JSON.parse(line)
    commands[verb](rest)
  })
  .on('close', () => client?.end(true))
