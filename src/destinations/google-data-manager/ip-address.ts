import type { Country } from '../../event/identity.ts'
import { publicAddress } from '../../event/variants.ts'
import type { Normalizer } from '../destination.ts'

/**
 * EEA, United Kingdom and Switzerland with the territories to which their rules reach: of their people Google wants no
 * IP addresses for ads, and Analytics properties pass on what they have to linked ad accounts.
 */
const NO_IP: ReadonlySet<string> = new Set(
  'AT AX BE BG BL CH CY CZ DE DK EE ES FI FR GB GF GG GI GP GR HR HU IE IM IS IT JE LI LT LU LV MF MQ MT NC NL NO PF PL PM PT RE RO SE SI SJ SK TF WF YT'.split(
    ' ',
  ),
)

/** A shopper of whom we do not know where they are may be in Europe, wherever the store is. */
export const ipAddress = {
  digests: [],
  form: (address: string, country?: Country) =>
    country === undefined || NO_IP.has(country) ? undefined : publicAddress(address),
} satisfies Normalizer<string>
