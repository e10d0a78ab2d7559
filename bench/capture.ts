import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bench, median } from './bench.ts'

const CONNECTIONS = 64

/**
 * Beacons over real HTTP, each answered after its flush: sealed, indexed, unique ids. The reference is the same kind
 * of server with nothing behind it, loaded in turns. Server and load share the machine's cores. The load speaks raw
 * HTTP over sockets, because a client library costs more than the server that is measured.
 */
export const bench: Bench = {
  name: 'capture',
  async run(report, { short }) {
    const rounds = short ? 2 : 5
    const ms = short ? 1500 : 4000
    const folder = await mkdtemp(join(tmpdir(), 'converlay-bench-'))
    const bare = await start('bare', '')
    const capture = await start('capture', folder)
    try {
      const single = requestOf(1)
      const ours: number[] = []
      const theirs: number[] = []
      const ratios: number[] = []
      for (let round = -1; round < rounds; round++) {
        const reference = (await load(bare.port, single, ms)).rate
        const rate = (await load(capture.port, single, ms)).rate
        if (round < 0) continue
        ours.push(rate)
        theirs.push(reference)
        ratios.push(rate / reference)
      }
      const ratio = median(ratios)
      const goal = '0.40 of the same server without storage'
      report({
        of: 'one event',
        value: median(ours),
        unit: 'requests/s',
        reference: median(theirs),
        ratio,
        goal,
        ok: ratio >= 0.4,
      })

      const many: number[] = []
      for (let round = 0; round < rounds; round++) many.push((await load(capture.port, requestOf(50), ms)).rate * 50)
      report({ of: '50 events', value: median(many), unit: 'events/s', goal: '>= 25000', ok: median(many) >= 25_000 })

      const half = await load(capture.port, single, ms * 2, median(ours) / 2)
      const p99 = half.latencies.sort((a, b) => a - b)[Math.floor(half.latencies.length * 0.99)] ?? Number.NaN
      report({ of: 'p99 at half the rate', value: p99, unit: 'ms', goal: '<= 25', ok: p99 <= 25 })
    } finally {
      bare.stop()
      capture.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const start = async (mode: string, folder: string) => {
  const child = fork(fileURLToPath(new URL('./capture-server.ts', import.meta.url)), [mode, folder], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(Number(line.toString())))
    child.once('exit', () => reject(new Error(`the ${mode} server did not start`)))
  })
  return { port, stop: () => void child.kill('SIGKILL') }
}

/** A request's bytes and where each of its events' ids has eight digits to fill in. */
interface Template {
  readonly bytes: Buffer
  readonly ids: readonly number[]
  readonly clients: readonly number[]
}

const requestOf = (events: number): Template => {
  const event = {
    id: 'sh-XXXXXXXX-7B6D-4E0A-91C4-2D8E5F7A6B30',
    clientId: 'YYYYYYYY-6d0a-4e5c-9a63-0b7f6f7c2a11',
    name: 'product_viewed',
    type: 'standard',
    seq: 3,
    timestamp: new Date().toISOString(),
    context: {
      document: {
        location: { href: 'https://bench.example/products/trail-lantern?variant=44120000000111' },
        referrer: 'https://www.pinterest.com/',
        title: 'Trail Lantern',
      },
      navigator: { language: 'en-US' },
      window: { screen: { width: 390, height: 844 } },
    },
    data: {
      productVariant: {
        id: '44120000000111',
        title: 'Forest / Large',
        sku: 'TL-FOR-L',
        price: { amount: 49, currencyCode: 'USD' },
        product: {
          id: '8120000000011',
          title: 'Trail Lantern',
          vendor: 'North Fern',
          type: 'Camp gear',
          url: '/products/trail-lantern',
        },
      },
    },
  }
  const body = JSON.stringify({
    v: 1,
    shop: 'bench.myshopify.com',
    consent: { analytics: true, marketing: true, preferences: false, saleOfData: true },
    cookies: { _epik: 'dj0yJnU9RXhhbXBsZUVwaWtUb2tlbg' },
    events: Array(events).fill(event),
  })
  const head = `POST /b/1 HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/plain\r\nuser-agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/143.0.0.0 Safari/537.36\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  const bytes = Buffer.from(head + body)
  const places = (what: string) => {
    const found: number[] = []
    for (let at = bytes.indexOf(what); at !== -1; at = bytes.indexOf(what, at + 1)) found.push(at)
    return found
  }
  return { bytes, ids: places('XXXXXXXX'), clients: places('YYYYYYYY') }
}

let made = 0

/** Every event has an id of its own, and a thousand visitors take turns. */
const next = ({ bytes, ids, clients }: Template): Buffer => {
  const request = Buffer.from(bytes)
  for (const at of ids) request.write(String(10_000_000 + made++), at, 'latin1')
  const client = String(10_000_000 + (made % 1000))
  for (const at of clients) request.write(client, at, 'latin1')
  return request
}

/** Requests for `ms` over 64 connections, as fast as they are answered or at `perSecond`; anything but 204 is an error. */
const load = async (port: number, template: Template, ms: number, perSecond?: number) => {
  const latencies: number[] = []
  let answered = 0
  const begin = performance.now()
  const end = begin + ms
  const interval = perSecond === undefined ? 0 : (CONNECTIONS * 1000) / perSecond

  const run = (socket: Socket, place: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let due = begin + (interval * place) / CONNECTIONS
      let sentAt = 0
      const send = () => {
        if (performance.now() >= end) return socket.end(() => resolve())
        // From when it should have gone, so that a stall is not forgiven to those that queued behind it.
        sentAt = interval > 0 ? due : performance.now()
        socket.write(next(template))
      }
      const later = () => {
        const wait = due - performance.now()
        if (wait <= 0) send()
        else setTimeout(send, wait)
      }
      socket.on('data', (chunk) => {
        const status = chunk.toString('latin1', 9, 12)
        if (status !== '204') return reject(new Error(`answered ${status}`))
        answered++
        if (interval === 0) return send()
        latencies.push(performance.now() - sentAt)
        due += interval
        later()
      })
      socket.on('error', reject)
      later()
    })

  const sockets = await Promise.all(
    Array.from(
      { length: CONNECTIONS },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
          socket.once('error', reject)
        }),
    ),
  )
  await Promise.all(sockets.map(run))
  return { rate: (answered * 1000) / (performance.now() - begin), latencies }
}
