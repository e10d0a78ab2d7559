import { textAt } from '../../lib/json.ts'
import type { Account, ReadAccount } from '../kit/accounts.ts'

/** A partner; the browser's OneTag names the same id. There is no authentication, so there are no tokens. */
export interface Partner extends Account {
  /** The id under which browsers asked for the visitor's GUM id. */
  readonly callerId: string
}

export const DEFAULT_ACCOUNT: Partner = { id: '12345', tokens: [], callerId: '678' }

/** Reads `{id, callerId}`; the caller id of a partner known already stays unless told. */
export const readAccount: ReadAccount<Partner> = (body, known) => {
  const id = textAt(body, 'id')
  const callerId = textAt(body, 'callerId') ?? known.find((partner) => partner.id === id)?.callerId
  if (!id || !/^\d+$/.test(id)) return 'id must be digits'
  if (!callerId || !/^\d+$/.test(callerId)) return 'callerId must be digits'
  return { id, tokens: [], callerId }
}
