import { textAt } from '../../lib/json.ts'

/** An account as every platform has one; platforms add fields of their own. */
export interface Account {
  /** The id that requests name. */
  readonly id: string
  /** Secrets that may write to it. */
  readonly tokens: readonly string[]
  /** Id of its browser tag, where that is not the account's. */
  readonly tagId?: string
}

/** Reads what POST /control/{slug}/accounts tells: an account, or what is wrong in words. */
export type ReadAccount<A> = (body: unknown, known: readonly A[]) => A | string

interface Form {
  readonly pattern: RegExp
  /** What is said of a value in another form. */
  readonly words: string
}

/** Reads `{id, token, tagId?}`. A second token of an account is added to the first. */
export const readsAccount =
  (forms: { readonly id: Form; readonly token: Form }): ReadAccount<Account> =>
  (body, known) => {
    const id = textAt(body, 'id')
    const token = textAt(body, 'token')
    if (!id || !forms.id.pattern.test(id)) return forms.id.words
    if (!token || !forms.token.pattern.test(token)) return forms.token.words
    const before = known.find((account) => account.id === id)
    const tagId = textAt(body, 'tagId') ?? before?.tagId
    return {
      id,
      tokens: [...new Set([...(before?.tokens ?? []), token])],
      ...(tagId === undefined ? {} : { tagId }),
    }
  }
