import { Agent, request } from 'undici'
import { SECOND } from '../../lib/duration.ts'
import type { Webhook } from './webhooks.ts'

/** Shopify retries 8 times within 4 hours; the demo does it within a minute. */
const IN_A_HURRY = [0.25, 0.5, 1, 2, 4, 8, 16, 30].map((seconds) => seconds * SECOND)
/** 1 s to connect and 5 s in all; only a 2xx counts. */
const CONNECT = 1 * SECOND
const DEADLINE = 5 * SECOND

const CONNECTIONS = 8

/** Resolves after `ms`, or at once when the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>

export interface Delivery {
  readonly topic: string
  readonly webhookId: string
  /** Requests made, the first included. */
  readonly tries: number
  /** The last answer; 0 when none came. */
  readonly status: number
}

export interface Deliverer {
  /** Delivers with retries; the delivery's end, good or not. */
  deliver(webhook: Webhook): Promise<Delivery>
  /** Gives up what is still retried and ends the connections. */
  close(): Promise<void>
}

export interface DelivererOptions {
  /** How long to wait before each further try, ms. */
  readonly retryAfter?: readonly number[]
  /** How to wait: in real time unless told. */
  readonly pause?: Pause
}

/** Posts webhooks to an address, asked for at each try, as Shopify does. */
export const createDeliverer = (
  url: () => string,
  { retryAfter = IN_A_HURRY, pause = realPause }: DelivererOptions = {},
): Deliverer => {
  const agent = new Agent({ connections: CONNECTIONS, connect: { timeout: CONNECT } })
  const ending = new AbortController()

  const attempt = async (webhook: Webhook): Promise<number> => {
    try {
      const answer = await request(url(), {
        method: 'POST',
        headers: webhook.headers,
        body: webhook.body,
        dispatcher: agent,
        signal: AbortSignal.any([ending.signal, AbortSignal.timeout(DEADLINE)]),
      })
      await answer.body.dump()
      return answer.statusCode
    } catch {
      return 0
    }
  }

  return {
    deliver: async (webhook) => {
      for (let tries = 1; ; tries++) {
        const status = await attempt(webhook)
        const wait = retryAfter[tries - 1]
        if ((status >= 200 && status < 300) || wait === undefined || ending.signal.aborted)
          return { topic: webhook.topic, webhookId: webhook.webhookId, tries, status }
        await pause(wait, ending.signal)
      }
    },
    close: async () => {
      ending.abort()
      await agent.destroy()
    },
  }
}

export const realPause: Pause = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
