import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { expect } from 'vitest'
import { startCarts } from '../pipeline/carts.ts'
import { SHOP, type Small, smallWorld } from '../pipeline/double.ts'
import type { Intake } from '../pipeline/intake.ts'
import { startProjector } from '../pipeline/projector.ts'
import { BEACON_PATH, startCapture, WEBHOOK_PATH } from './capture.ts'

/** Capture on a port of this machine over a store in memory, and senders that do exactly what they are told. */
export const SECRET = 'the-new-secret'
export const OLD_SECRET = 'the-old-secret'
export const ORDER = readFileSync(new URL('../sources/samples/order_create.json', import.meta.url))
export const VIEW = {
  id: 'sh-000001',
  clientId: 'phone',
  name: 'page_viewed',
  timestamp: '2026-11-22T10:00:00.000Z',
  context: {},
}
export const BEACON = { v: 1, shop: SHOP, events: [VIEW], consent: { marketing: true } }

export interface Told {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface CaptureWorld extends Small {
  readonly intake: Intake
  readonly port: number
  /** A request without a client library's own ideas. A list of pieces goes chunked, without a length. */
  ask(method: string, path: string, headers?: OutgoingHttpHeaders, body?: Body): Promise<Told>
  /** As Shopify sends it, validly signed unless told. */
  webhook(body: string | Buffer, headers?: OutgoingHttpHeaders, topic?: string): Promise<Told>
  beacon(body?: string | object, headers?: OutgoingHttpHeaders): Promise<Told>
  head(): Promise<number>
  /** Begins anew on another port. */
  restart(change: { readonly trustedProxies?: readonly string[]; readonly behind?: boolean }): Promise<void>
  /** Only capture: what it was told is still written. */
  closeCapture(): Promise<void>
  stop(): Promise<void>
}

type Body = string | Buffer | readonly Buffer[]

export const sign = (body: string | Buffer, secret = SECRET) =>
  createHmac('sha256', secret).update(body).digest('base64')

export const captureWorld = async (): Promise<CaptureWorld> => {
  const small = await smallWorld()
  const projector = await startProjector(small.runtime)
  const carts = startCarts(small.runtime, projector)
  const intake: Intake = {
    runtime: small.runtime,
    projector,
    carts,
    secrets: [SECRET, OLD_SECRET],
    dropped: { count: 0 },
    shops: new Map(),
    keys: new Map(),
  }
  let capture = await startCapture(intake, { host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.1'] })

  // Never lets a connection go by itself.
  const agent = new Agent({ keepAlive: true })
  const ask: CaptureWorld['ask'] = (method, path, headers = {}, body) =>
    new Promise((resolve, reject) => {
      const to = { host: '127.0.0.1', port: capture.port, method, path, headers, agent }
      const request = httpRequest(to, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      })
      request.on('error', reject)
      if (Array.isArray(body)) for (const piece of body) request.write(piece)
      request.end(Array.isArray(body) ? undefined : body)
    })

  return {
    ...small,
    intake,
    get port() {
      return capture.port
    },
    ask,
    webhook: (body, headers = {}, topic = 'orders/create') =>
      ask(
        'POST',
        WEBHOOK_PATH,
        {
          'content-type': 'application/json',
          'x-shopify-topic': topic,
          'x-shopify-shop-domain': SHOP,
          'x-shopify-webhook-id': 'delivery-1',
          'x-shopify-hmac-sha256': sign(body),
          ...headers,
        },
        body,
      ),
    beacon: (body = BEACON, headers = {}) =>
      ask(
        'POST',
        BEACON_PATH,
        { 'content-type': 'text/plain', 'user-agent': 'Phone/1.0', ...headers },
        typeof body === 'string' ? body : JSON.stringify(body),
      ),
    head: () => small.store.head(SHOP),
    restart: async ({ trustedProxies = [], behind = false }) => {
      await capture.close()
      const changed = { ...intake, projector: { ...projector, behind } }
      capture = await startCapture(changed, { host: '127.0.0.1', port: 0, trustedProxies })
    },
    closeCapture: () => capture.close(),
    stop: async () => {
      await capture.close()
      await carts.stop()
      await projector.stop()
      agent.destroy()
    },
  }
}

/** A refusal: its status, and one line of JSON that says what happened and what to do. */
export const refused = ({ status, headers, text }: Told): number => {
  expect(headers['content-type']).toBe('application/json')
  expect(text).toMatch(/^\{"error":"[^\n]+\."\}\n$/)
  return status
}
