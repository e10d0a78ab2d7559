import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

/** A name with a domain behind it. URL writes IPv4 addresses, however they were typed, in digits, IPv6 in brackets. */
const NAMED = /\.[a-z][a-z\d-]+\.?$/
/** Names that mean something inside a network only. */
const INSIDE = /(?:^|\.)(?:localhost|local|internal|lan|home\.arpa)\.?$/

/** A server's public name over https. What the name leads to is checked by the sender, whenever it connects. */
const isPublicAddress = (text: string): boolean => {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false
  // 8443 is the one other port on which receivers are usual; with more, the form could feel out whole servers.
  return (url.port === '' || url.port === '8443') && NAMED.test(url.hostname) && !INSIDE.test(url.hostname)
}

export const keyOf = (secret: string): Buffer => Buffer.from(secret.slice('whsec_'.length), 'base64')

const isSecret = (text: string): boolean => {
  const key = keyOf(text)
  return key.length >= 24 && key.length <= 64 && text === `whsec_${key.toString('base64')}`
}

/** What a merchant enters to have events posted to a server of their own. */
export const settings = z.object({
  url: z.string().trim().max(2000).refine(isPublicAddress, 'Use https and a public name, on port 443 or 8443.').meta({
    label: 'Address of your server',
    help: 'Events are posted there whole, with email, phone, name and address in clear: it has to be your own server. What you choose for currency, value, product and order IDs changes nothing there. An event that your server answers with 400, 413 or 422 is not sent again; with any other status but 2xx it waits and is tried again, for up to 7 days.',
    placeholder: 'https://hooks.example.com/converlay',
  }),
  secret: z.string().trim().refine(isSecret, 'The secret is whsec_ and behind it 24 to 64 bytes in base64.').meta({
    label: 'Signing secret',
    help: 'Write whsec_ and behind it what “openssl rand -base64 32” prints. Your server checks webhook-signature with it, and leaves out what comes again with the same webhook-id within a day.',
    secret: true,
  }),
  ...commonSettings('{product}'),
})

export type Settings = z.infer<typeof settings>
