/**
 * The platforms: `strict` is the sandbox as it is, `answers` accepts everything unread. The second differs in that no
 * schema, hash, account, quota or repeat is checked and nothing is remembered; it costs a fraction, so that the server's
 * own limit shows on a machine where both share two cores.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { sandboxAccounts } from './accounts.ts'
import { serve } from './child.ts'

const [mode = '', shops = ''] = process.argv.slice(2)

/** Conversions that each platform of the sandbox remembers: enough to merge what is sent twice within moments. */
const REMEMBER = 20_000

/** How often a text is in another: the number of events, by a field that each has once. */
const count = (text: Buffer, field: string): number => {
  let found = 0
  for (let at = text.indexOf(field); at !== -1; at = text.indexOf(field, at + field.length)) found++
  return found
}

const ANSWERS: Readonly<Record<string, (body: Buffer) => readonly [status: number, body: string]>> = {
  'api.pinterest.com': (body) => {
    const processed = '{"status":"processed","error_message":"","warning_message":""}'
    return [200, `{"events":[${Array(count(body, '"event_name":')).fill(processed).join(',')}]}`]
  },
  'graph.facebook.com': (body) => [200, `{"events_received":${count(body, '"event_name":')}}`],
  'business-api.tiktok.com': () => [200, '{"code":0,"message":"OK"}'],
  'tr.snapchat.com': () => [200, '{"status":"VALID"}'],
  'ads-api.reddit.com': () => [200, '{"data":{"message":"Successfully processed the conversion events."}}'],
  'a.klaviyo.com': () => [202, ''],
  'widget.criteo.com': () => [200, ''],
  'www.google-analytics.com': () => [204, ''],
}

const startAnswers = async (): Promise<string> => {
  const server = createServer({ noDelay: true }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const host = request.url?.split('/', 2)[1] ?? ''
      const [status, body] = ANSWERS[host]?.(Buffer.concat(chunks)) ?? [404, '']
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const startStrict = async (): Promise<string> =>
  (await startSandbox({ port: 0, ...sandboxAccounts(Number(shops), REMEMBER) })).url

serve({ url: mode === 'strict' ? await startStrict() : await startAnswers() }, async () => ({}))
