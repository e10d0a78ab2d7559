import { type Digest, type Sha256, sha256 } from '../event/hash.ts'
import type { Country, Identity, Normalised } from '../event/identity.ts'
import { publicAddress } from '../event/variants.ts'
import type { Normalizer } from './destination.ts'

/** A normalizer whose form is hashed before it is sent, with the places in which `hashOf` keeps its hashes. */
export interface Hashed<Value extends Normalised> extends Normalizer<Value, Normalised> {
  readonly places: Partial<Record<string, number>>
}

/** A normalizer whose form is hashed before it is sent; with SHA-256, unless the platform wants others beside it. */
export const hashed = <Value extends Normalised>(
  form: (value: Value, country?: Country) => Normalised | undefined,
  digests: readonly Digest[] = ['sha256'],
): Hashed<Value> => ({ digests, form, places: {} })

/** The value as our own normaliser left it. */
export const asItIs = <Value extends string>(value: Value): Value => value

/** A normalizer of what is sent unhashed and as it is. */
export const inClear = { digests: [], form: asItIs<string> } satisfies Normalizer<string>

/** A normalizer of the visitor's IP address, sent unhashed; one of a private network is nobody's. */
export const ipInClear = { digests: [], form: publicAddress } satisfies Normalizer<string>

type Form = Normalizer<never, Normalised>['form']

/** Every form of every field that was ever asked for: a few dozen, each with a place of its own. */
const asked: { readonly field: keyof Identity; readonly form: Form }[] = []

const placeOf = (field: keyof Identity, form: Form): number => {
  const known = asked.findIndex((one) => one.field === field && one.form === form)
  return known === -1 ? asked.push({ field, form }) - 1 : known
}

/** By place; null where the platform would not take the value. */
type Hashes = (Sha256 | null | undefined)[]

const kept = new WeakMap<Identity, Hashes>()
/** The identity that was asked for last and its hashes: a destination asks for a dozen of one after another. */
let last: Identity | undefined
let lastHashes: Hashes = []

const hashesOf = (identity: Identity): Hashes => {
  let hashes = kept.get(identity)
  if (hashes === undefined) {
    hashes = new Array(asked.length).fill(undefined)
    kept.set(identity, hashes)
  }
  last = identity
  lastHashes = hashes
  return hashes
}

/**
 * The SHA-256 of one field in a platform's form; undefined where the field is absent or the platform would not take it.
 * One event goes to many platforms, so a hash is made once for each form and kept as long as the event's identity is:
 * destinations that use the same named function of event/variants.ts share it.
 */
export const hashOf = <Field extends keyof Identity>(
  identity: Identity,
  field: Field,
  normalizer: Hashed<NonNullable<Identity[Field]> & Normalised>,
): Sha256 | undefined => {
  const value = identity[field]
  if (value === undefined) return undefined
  const hashes = identity === last ? lastHashes : hashesOf(identity)
  let place = normalizer.places[field]
  if (place === undefined) {
    place = placeOf(field, normalizer.form)
    normalizer.places[field] = place
  }
  const known = hashes[place]
  if (known !== undefined) return known ?? undefined
  const normalised = normalizer.form(value as NonNullable<Identity[Field]> & Normalised, identity.country)
  const result = normalised === undefined ? undefined : sha256(normalised)
  hashes[place] = result ?? null
  return result
}
