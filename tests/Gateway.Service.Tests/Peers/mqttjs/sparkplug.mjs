// Eclipse Tahu's edge node, told what to do by lines of JSON; see ../README.md.
import { createInterface } from 'node:readline'
import sparkplug from 'sparkplug-client'

const born = new Map()
let node

const say = what => process.stdout.write(`${JSON.stringify(what)}\n`)

const payload = metrics => ({
  timestamp: Date.now(),
  metrics: Object.entries(metrics).map(([name, value]) => ({ name, value, type: typeof value === 'string' ? 'String' : 'Double' })),
})

function birth() {
  node.publishNodeBirth(payload({}))
  for (const [device, metrics] of born) node.publishDeviceBirth(device, payload(metrics))
  say({ is: 'born' })
}

const commands = {
  connect({ port, group, name, devices }) {
    for (const [device, metrics] of Object.entries(devices)) born.set(device, metrics)
    node = sparkplug.newClient({ serverUrl: `mqtt://127.0.0.1:${port}`, username: '', password: '', groupId: group, edgeNode: name, clientId: `${group}-${name}`, version: 'spBv1.0' })
    node.on('birth', birth)
    node.on('ncmd', command => {
      const asked = command.metrics.some(m => m.name === 'Node Control/Rebirth' && m.value)
      say({ is: 'command', rebirth: asked })
      if (asked) birth()
    })
    node.on('error', error => process.stderr.write(`${error}\n`))
  },
  data({ device, metrics }) {
    born.set(device, { ...born.get(device), ...metrics })
    node.publishDeviceData(device, payload(metrics))
  },
  // A message that never comes: its number is taken all the same.
  lose() {
    node.incrementSeqNum()
  },
  death({ device }) {
    born.delete(device)
    node.publishDeviceDeath(device, payload({}))
  },
}

const input = createInterface({ input: process.stdin })
for await (const line of input) {
  const { do: verb, ...what } = JSON.parse(line)
  commands[verb](what)
}
process.exit(0)
