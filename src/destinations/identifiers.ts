import { type Sha256, sha256 } from '../event/hash.ts'
import type { Country, Identity, Normalised } from '../event/identity.ts'
import type { Normalizer } from './destination.ts'

/** A normalizer whose form is hashed before it is sent. */
export const hashed = <Value extends Normalised>(
  form: (value: Value, country?: Country) => Normalised | undefined,
): Normalizer<Value, Normalised> => ({ digests: ['sha256'], form })

/** The value as our own normaliser left it. */
export const asItIs = <Value extends string>(value: Value): Value => value

/** A normalizer of what is sent unhashed and as it is. */
export const inClear = { digests: [], form: asItIs<string> } satisfies Normalizer<string>

type Form = Normalizer<never, Normalised>['form']

/** Hashes of one identity: for each, the field, the form and the result. A dozen or two, found faster than in a map. */
interface Hashes {
  readonly fields: (keyof Identity)[]
  readonly forms: Form[]
  readonly results: (Sha256 | undefined)[]
}

const kept = new WeakMap<Identity, Hashes>()

/**
 * The SHA-256 of one field in a platform's form; undefined where the field is absent or the platform would not take it.
 * One event goes to many platforms, so a hash is made once for each form and kept as long as the event's identity is:
 * destinations that use the same named function of event/variants.ts share it.
 */
export const hashOf = <Field extends keyof Identity>(
  identity: Identity,
  field: Field,
  { form }: Normalizer<NonNullable<Identity[Field]>, Normalised>,
): Sha256 | undefined => {
  const value = identity[field]
  if (value === undefined) return undefined
  let hashes = kept.get(identity)
  if (hashes === undefined) {
    hashes = { fields: [], forms: [], results: [] }
    kept.set(identity, hashes)
  }
  const { fields, forms, results } = hashes
  for (let at = 0; at < fields.length; at++) if (fields[at] === field && forms[at] === form) return results[at]
  const normalised = form(value as NonNullable<Identity[Field]>, identity.country)
  const result = normalised === undefined ? undefined : sha256(normalised)
  fields.push(field)
  forms.push(form)
  results.push(result)
  return result
}
