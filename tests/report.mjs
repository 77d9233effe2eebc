// Reads what the suites wrote (xUnit XML, vitest JSON) and says it: a table, every failure with its message, every skip with its reason, one last line.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
const suites = readdirSync(folder).filter(f => f.endsWith('.end')).map(f => read(f.slice(0, -'.end'.length)))
suites.sort((a, b) => a.name.localeCompare(b.name))

console.log(row('suite', 'passed', 'failed', 'skipped', 'seconds'))
for (const s of suites) console.log(row(s.name, s.passed, s.failed.length, s.skipped.length, s.seconds))

for (const s of suites)
  for (const t of s.failed) console.log(`\nFAILED   ${s.name}: ${t.name}\n${indent(t.message)}`)
const skipped = suites.flatMap(s => s.skipped.map(t => `skipped  ${s.name}: ${t.name}: ${t.message.split('\n')[0]}`))
if (skipped.length) console.log(`\n${skipped.join('\n')}`)

const sum = of => suites.reduce((n, s) => n + of(s), 0)
const failed = suites.length === 0 ? 1 : sum(s => s.failed.length)
if (suites.length === 0) console.log('no suite ran')
console.log(`\n${sum(s => s.passed)} passed, ${failed} failed, ${sum(s => s.skipped.length)} skipped`)
process.exitCode = failed === 0 ? 0 : 1

function read(name) {
  const [code, seconds] = readFileSync(join(folder, `${name}.end`), 'utf8').trim().split(' ').map(Number)
  const xml = join(folder, `${name}.xml`), json = join(folder, `${name}.json`), stopped = join(folder, `${name}.stopped`)
  let found = { passed: 0, failed: [], skipped: [] }
  try {
    if (existsSync(xml)) found = readXunit(readFileSync(xml, 'utf8'))
    else if (existsSync(json)) found = readVitest(JSON.parse(readFileSync(json, 'utf8')))
  } catch (broken) {
    found.failed.push({ name: '(result file)', message: String(broken) })
  }
  const ran = found.passed + found.failed.length + found.skipped.length
  const whole = message => found.failed.push({ name: '(the suite)', message: `${message}\n${tail(name)}` })
  if (existsSync(stopped)) whole(readFileSync(stopped, 'utf8').trim())
  else if (ran === 0) whole(`no test ran (exit code ${code})`)
  else if (code !== 0 && found.failed.length === 0) whole(`exit code ${code} although no test failed`)
  return { name, seconds, ...found }
}

function readXunit(text) {
  const found = { passed: 0, failed: [], skipped: [] }
  // Tests are flat; what hangs on none (a fixture that throws, a crash) stands in <error>.
  for (const [, attributes, body = ''] of text.matchAll(/<test ([^>]*?)(?:\/>|>([\s\S]*?)<\/test>)/g)) {
    const name = unescape(/\bname="([^"]*)"/.exec(attributes)[1])
    const result = /\bresult="(\w+)"/.exec(attributes)[1]
    if (result === 'Pass') found.passed++
    else if (result === 'Fail') found.failed.push({ name, message: `${inside(body, 'message')}\n${inside(body, 'stack-trace').split('\n').slice(0, 4).join('\n')}` })
    else if (result === 'Skip') found.skipped.push({ name, message: inside(body, 'reason') })
  }
  for (const [, attributes, body] of text.matchAll(/<error ([^>]*)>([\s\S]*?)<\/error>/g))
    found.failed.push({ name: unescape(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? '(fixture)'), message: inside(body, 'message') })
  return found
}

function readVitest(report) {
  const found = { passed: 0, failed: [], skipped: [] }
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') found.passed++
      else if (test.status === 'failed') found.failed.push({ name: test.fullName, message: test.failureMessages.join('\n') })
      else found.skipped.push({ name: test.fullName, message: test.status })
    }
    if (file.status === 'failed' && !file.assertionResults.some(t => t.status === 'failed')) found.failed.push({ name: file.name, message: file.message })
  }
  return found
}

function inside(text, tag) {
  const match = new RegExp(`<${tag}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${tag}>`).exec(text)
  return match ? unescape(match[1]) : ''
}

function unescape(text) {
  const named = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, word) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : named[word] ?? all)
}

function tail(name) {
  const log = join(folder, `${name}.log`)
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-12).join('\n') : ''
}

function row(name, ...cells) {
  return name.padEnd(28) + cells.map(c => String(c).padStart(9)).join('')
}

function indent(text) {
  return text.trimEnd().split('\n').map(line => `         ${line}`).join('\n')
}
