import { arrayAt, textAt } from '../../lib/json.ts'
import type { Account, ReadAccount } from '../kit/accounts.ts'

/** What a private key may be allowed to do, as far as this sandbox has calls for it. */
export const SCOPES = ['events:write', 'metrics:read', 'accounts:read'] as const

export type Scope = (typeof SCOPES)[number]

const isScope = (text: unknown): text is Scope => SCOPES.some((scope) => scope === text)

/** The id is the public site id, which the browser’s calls name; the tokens are private keys. */
export interface KlaviyoAccount extends Account {
  readonly organization: string
  /** What a value without a currency is taken for. */
  readonly currency: string
  /** Of each key, in the order of `tokens`, so that no key is shown with them; a key without an entry may do all. */
  readonly scopes: readonly (readonly Scope[])[]
}

export const DEFAULT_ACCOUNT: KlaviyoAccount = {
  id: 'NrthFn',
  tokens: ['pk_sandbox0123456789abcdef'],
  organization: 'Northfern',
  currency: 'EUR',
  scopes: [SCOPES],
}

/** Whether a key of the account may do something. */
export const mayDo = (account: KlaviyoAccount, token: string, scope: Scope): boolean =>
  (account.scopes[account.tokens.indexOf(token)] ?? SCOPES).includes(scope)

/** Reads `{id, token, scopes?, organization?, currency?}`. A second key is added; a known one gets the new scopes. */
export const readAccount: ReadAccount<KlaviyoAccount> = (body, known) => {
  const id = textAt(body, 'id')
  const token = textAt(body, 'token')
  if (!id || !/^[A-Za-z0-9]{6}$/.test(id)) return 'id must be a site id of 6 letters and digits'
  if (!token || !/^pk_\w+$/.test(token)) return 'token must be a private key that begins with pk_'
  const told = arrayAt(body, 'scopes')
  const scopes = told.filter(isScope)
  if (scopes.length < told.length) return `scopes must be of ${SCOPES.join(', ')}`
  const before = known.find((account) => account.id === id)
  const others = (before?.tokens ?? []).filter((one) => one !== token)
  return {
    id,
    tokens: [...others, token],
    organization: textAt(body, 'organization') ?? before?.organization ?? id,
    currency: textAt(body, 'currency') ?? before?.currency ?? 'EUR',
    scopes: [
      ...others.map((one) => SCOPES.filter((scope) => before !== undefined && mayDo(before, one, scope))),
      scopes.length > 0 ? scopes : SCOPES,
    ],
  }
}
