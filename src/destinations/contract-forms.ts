import { DIGESTS } from '../event/hash.ts'
import type { Identity, Normalised } from '../event/identity.ts'
import type { Destination, NormalizedField, Normalizer } from './destination.ts'

const normalizerOf = (destination: Destination, field: NormalizedField): Normalizer | undefined =>
  destination.normalizers[field]

/** Whether a field stands in the request as its form, not as a digest of it. */
export const isSentInClear = (destination: Destination, field: keyof Identity): boolean =>
  normalizerOf(destination, field)?.digests.length === 0

/** What should stand in the request for a field: its form's digest, or its form where it goes in clear. */
export const formOf = (
  destination: Destination,
  field: keyof Identity,
  identity: Identity | undefined,
): string | undefined => {
  const value = identity?.[field]
  const normalizer = normalizerOf(destination, field)
  if (value === undefined || normalizer === undefined) return undefined
  const form = normalizer.form(value as never, identity?.country)
  const [digest] = normalizer.digests
  return form === undefined || digest === undefined ? form : DIGESTS[digest](form as Normalised)
}
