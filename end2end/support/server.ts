// Runs the built server on a fresh database for as long as the tests last, and judges its log.
import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { administrator } from './people.ts'

const here = import.meta.dirname
const binary = process.env.TROUPE_BINARY ?? resolve(here, '../../target/debug/troupe')
const log = resolve(here, '../results/server.log')

/** Playwright calls it first, and what it returns last. */
export default async function start(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-'))
  mkdirSync(resolve(here, '../results'), { recursive: true })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = spawn(binary, ['serve', '--demo'], {
    cwd: folder,
    env: {
      ...process.env,
      TROUPE_ADMIN_PASSWORD: administrator.password,
      TROUPE_DATABASE_URL: `sqlite://${join(folder, 'troupe.db')}?mode=rwc`,
      TROUPE_LISTEN: `127.0.0.1:${port}`,
      // The images of these tests are made up.
      TROUPE_REGISTRY_CHECK: 'off',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const file = createWriteStream(log)
  server.stdout?.pipe(file, { end: false })
  server.stderr?.pipe(file, { end: false })
  server.on('error', (error) => file.write(`${error}\n`))
  await ready(server, url)
  process.env.TROUPE_URL = url

  return async () => {
    const stopped = await stop(server)
    await new Promise((done) => file.end(done))
    rmSync(folder, { recursive: true, force: true })
    const panics = readFileSync(log, 'utf8').split('\n').filter((line) => line.includes('panicked at'))
    if (panics.length > 0) throw new Error(`the server panicked:\n${panics.join('\n')}\nthe whole log: ${log}`)
    if (!stopped) throw new Error(`the server did not stop within ten seconds; its log: ${log}`)
  }
}

/** Picks a port and lets go of it. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function ready(server: ChildProcess, url: string): Promise<void> {
  const until = Date.now() + 60_000
  while (Date.now() < until) {
    if (server.exitCode !== null || server.pid === undefined) break
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(100)
  }
  server.kill('SIGKILL')
  await sleep(100)
  const tail = readFileSync(log, 'utf8').split('\n').slice(-30).join('\n')
  throw new Error(`${binary} did not become ready; its last lines:\n${tail}`)
}

/** Asks kindly first. Says whether that was enough. */
async function stop(server: ChildProcess): Promise<boolean> {
  if (server.exitCode !== null) return true
  const gone = new Promise<boolean>((done) => server.once('exit', () => done(true)))
  server.kill('SIGTERM')
  const kindly = await Promise.race([gone, sleep(10_000).then(() => false)])
  if (!kindly) server.kill('SIGKILL')
  await gone
  return kindly
}
