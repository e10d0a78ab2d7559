import { connect, type Socket } from 'node:net'
import { BEACON_PATH, WEBHOOK_PATH } from '../src/http/capture.ts'
import { journeyOf, type Step } from '../src/sandbox/shopper/journey.ts'
import { STORE_URL, shopNamed } from './visits.ts'

/** The app's client secret in benchmarks. */
export const SECRET = 'bench-client-secret'

/** The requests of one shopper, in order. */
type Walk = readonly Buffer[]

/**
 * The demo's seeded journeys as the bytes of their requests: beacons as the pixel posts them, webhooks signed as
 * Shopify's. Hits of browser tags are left out, they do not reach us. Made before the clock runs.
 */
export const walksOf = (seed: number, from: number, count: number, shops: number): Walk[] =>
  Array.from({ length: count }, (_, n) => {
    const world = { shop: shopNamed((from + n) % shops), storeUrl: STORE_URL, webhookSecret: SECRET, now: Date.now() }
    return journeyOf(seed, from + n, world).steps.flatMap((step) => requestOf(step) ?? [])
  })

const requestOf = (step: Step): Buffer | undefined => {
  if (step.kind === 'tag') return undefined
  const { browser } = step.kind === 'beacon' ? step.visitor : {}
  const [path, headers, body] =
    step.kind === 'beacon'
      ? [
          BEACON_PATH,
          {
            'content-type': 'text/plain;charset=UTF-8',
            'user-agent': browser?.userAgent ?? '',
            'x-forwarded-for': browser?.ip ?? '',
          },
          JSON.stringify(step.beacon),
        ]
      : [WEBHOOK_PATH, step.webhook.headers, step.webhook.body]
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

export interface Load {
  /** At most so many requests a second from now on. */
  pace(perSecond: number): void
  /** Stops and goes on. */
  pause(paused: boolean): void
  readonly counts: { readonly answered: number; readonly refused: number }
  /** Lets what is under way come to its end. */
  stop(): Promise<void>
}

/**
 * Walks shoppers through capture over so many connections, each one step after the other. Speaks raw HTTP: a client
 * library costs more than the server that is measured. Ends by itself when all have been walked.
 */
export const startLoad = (port: number, walks: readonly Walk[], connections: number): Load => {
  const counts = { answered: 0, refused: 0 }
  let next = 0
  let interval = 0
  let due = performance.now()
  let paused: PromiseWithResolvers<void> | undefined
  let stopped = false

  const turn = async (): Promise<void> => {
    while (paused) await paused.promise
    if (interval === 0) return
    due = Math.max(due + interval, performance.now() - 1000)
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  }

  const shopper = async (): Promise<void> => {
    const socket = await connected(port)
    for (let walk = walks[next++]; walk && !stopped; walk = walks[next++])
      for (const request of walk) {
        await turn()
        if (stopped) break
        const status = await answer(socket, request)
        if (status.startsWith('2')) counts.answered++
        else counts.refused++
      }
    socket.end()
  }
  const running = Promise.all(Array.from({ length: connections }, shopper))

  return {
    pace: (perSecond) => {
      interval = 1000 / perSecond
      due = performance.now()
    },
    pause: (wanted) => {
      if (wanted && !paused) paused = Promise.withResolvers()
      if (wanted) return
      paused?.resolve()
      paused = undefined
    },
    counts,
    stop: async () => {
      stopped = true
      paused?.resolve()
      paused = undefined
      await running
    },
  }
}

const connected = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })

/** Answers of capture are short enough to come in one piece. */
const answer = (socket: Socket, request: Buffer): Promise<string> =>
  new Promise((resolve) => {
    socket.once('data', (chunk) => resolve(chunk.toString('latin1', 9, 12)))
    socket.write(request)
  })
