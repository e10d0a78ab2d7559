import { z } from 'zod'
import { commonSettings } from '../destinations/common-settings.ts'
import type { Destination, Limits } from '../destinations/destination.ts'
import { settingsSchema } from '../destinations/settings-schema.ts'
import { EVENT_NAMES } from '../event/names.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import { textAt } from '../lib/json.ts'

/** Where the page stands, from the project's root. */
export const DESTINATIONS_PAGE = 'docs/destinations.md'

/**
 * docs/destinations.md out of the definitions, so that it cannot tell anything else than the code does. Written by
 * `npm run docs`; a test fails while it is stale.
 */
export const destinationsPage = (destinations: readonly Destination[]): string =>
  [
    '# Destinations',
    '<!-- Written by `npm run docs` out of src/destinations. Changes by hand are lost. -->',
    'What each platform is told, in which form, within which limits. Our names stand on the left, the platform’s own on the right.',
    '## Consent',
    'Decided when an event is sent, with the newest answer known. A refused purpose always stops the event; where consent has to be asked for and none is known, nothing is sent.',
    table(
      ['Platform', 'Needs consent to', 'After an opt-out of the sale of data'],
      destinations.map(({ name, consent }) => [
        name,
        consent.purposes.join(' and '),
        consent.limitedUse === undefined ? 'nothing is sent' : `sent with ${consent.limitedUse}`,
      ]),
    ),
    '## Settings of every connection',
    table(['Setting', 'What it is'], settingsOf(z.object(commonSettings('{product}')))),
    ...destinations.flatMap(sectionOf),
  ].join('\n\n')

const sectionOf = (destination: Destination): readonly string[] => {
  const { name, slug, docs, limits, matchesOn } = destination
  return [
    `## ${name}`,
    `\`${slug}\`, written from [${docs.version}](${docs.url}), checked on ${docs.checked}${
      docs.sunset === undefined ? '; no end of this version is announced' : `; this version ends on ${docs.sunset}`
    }. Requests go to ${placesOf(destination)}.`,
    `${PROOF[destination.proof]} ${mergingOf(destination)}`,
    '### Settings',
    'Beside those of every connection:',
    table(
      ['Setting', 'What it is'],
      settingsOf(destination.settings).filter(([name]) => !COMMON.has(name)),
    ),
    `The catalogue’s IDs are \`${defaultOf(destination.settings, 'catalogId')}\` unless told otherwise.`,
    '### Events',
    table(
      ['Ours', 'Theirs', ''],
      EVENT_NAMES.map((event) => {
        const theirs = destination.accepts[event]
        return [`\`${event}\``, theirs === null ? 'not sent' : `\`${theirs}\``, destination.declines[event] ?? '']
      }),
    ),
    ...testOf(destination),
    '### Identifiers',
    table(
      ['Tier', 'Identifiers'],
      (['strong', 'good', 'weak'] as const)
        .filter((tier) => matchesOn[tier].length > 0)
        .map((tier) => [tier, matchesOn[tier].map((one) => `\`${one}\``).join(', ')]),
    ),
    `Source: ${matchesOn.source}.`,
    table(
      ['Field', 'Sent as'],
      Object.entries(destination.normalizers).map(([field, normalizer]) => [
        `\`${field}\``,
        normalizer.digests.length === 0 ? 'plain text' : normalizer.digests.map((digest) => DIGEST[digest]).join(', '),
      ]),
    ),
    '### Limits and retries',
    table(['Limit', ''], [...limitsOf(limits), ...agesOf(destination)]),
    ...(limits.bulk
      ? ['For backlogs, through an interface of its own:', table(['Limit', ''], limitsOf(limits.bulk))]
      : []),
  ]
}

const testOf = ({ testing }: Destination): readonly string[] =>
  testing === undefined
    ? []
    : [
        '### Test mode',
        `On while the setting \`${testing.setting}\` is. ${testing.told} Events that were accepted end as *tested*, not as delivered.`,
      ]

const placesOf = ({ hosts, redirects }: Destination): string => {
  if (hosts === 'public') return 'the address in the settings, wherever that is on the public internet'
  const named = hosts.map((host) => `\`${host}\``).join(', ')
  return redirects === undefined
    ? named
    : `${named} and, where these redirect, to hosts under ${redirects.map((host) => `\`${host}\``).join(', ')}`
}

const PROOF: Readonly<Record<Destination['proof'], string>> = {
  event: 'The answer confirms every event, so an accepted event is *delivered*.',
  request: 'The answer confirms the request as a whole; its events count as *delivered*.',
  later:
    'The answer confirms only that the request arrived: an event is *sent* until the platform was asked what became of it.',
  none: 'The platform answers the same whatever it makes of an event, so an event is *sent*, never called delivered.',
}

const mergingOf = ({ dedup, restates }: Destination): string => {
  const merged = EVENT_NAMES.filter((name) => dedup(name) !== undefined)
  const [first] = merged
  const merging = first === undefined ? undefined : dedup(first)
  const values = restates ? ' A later event of an order overwrites the order’s value.' : ''
  if (merging === undefined)
    return `Repeats are counted, so an event of which it is unknown whether it arrived is not sent again unless the connection prefers completeness.${values}`
  const doubt = ' An event of which it is unknown whether it arrived is sent again only until an hour before that.'
  const which =
    merged.length === EVENT_NAMES.length || merged.length > 6
      ? 'Repeats'
      : `Repeats of ${merged.map((name) => `\`${name}\``).join(' and ')}`
  const tag = merging.twinWindow > 0 ? `, and with the browser tag’s event within ${time(merging.twinWindow)}` : ''
  return `${which} are merged by the ${merging.by === 'event' ? 'event' : 'order'}’s id within ${time(merging.window)}${tag}.${doubt}${values}`
}

const DIGEST = { sha256: 'SHA-256', md5: 'MD5', sha256md5: 'SHA-256 of the MD5' } as const

const limitsOf = (limits: NonNullable<Limits['bulk']>): string[][] => [
  ['Events in a request', String(limits.batch)],
  [
    'Size of a request',
    limits.bytes >= 1024 ** 2 ? `${limits.bytes / 1024 ** 2} MiB` : `${Math.round(limits.bytes / 1000)} kB`,
  ],
  ['Requests at once', String(limits.inFlight)],
  ['Requests a second', `${limits.rate.perSecond} for each ${limits.rate.scope}`],
]

/** Events are kept this long, whatever a platform takes (docs/operations.md). */
const BODY_KEPT = 30 * DAY

const agesOf = ({ limits, maxAges = [] }: Destination): string[][] => [
  ['Waits for company', limits.linger === 0 ? 'not at all' : `up to ${time(limits.linger)}`],
  ['Oldest event', [time(limits.maxAge), ...maxAges.map(({ what, maxAge }) => `${what} ${time(maxAge)}`)].join('; ')],
  ['Furthest ahead', time(limits.future)],
  ['Retries', `until an event is ${time(Math.min(limits.maxAge, BODY_KEPT))} old`],
]

/** "7 days", "90 minutes". */
const time = (ms: number): string => {
  const [size, word] =
    ms >= 3 * DAY || ms % DAY === 0
      ? [DAY, 'day']
      : ms % HOUR === 0
        ? [HOUR, 'hour']
        : ms % MINUTE === 0
          ? [MINUTE, 'minute']
          : [SECOND, 'second']
  // Some definitions take a minute off, for the platform's clock.
  const count = Math.round((ms / size) * 100) / 100
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

type Row = readonly [name: string, told: string]

/** Name and meaning of each setting of a schema. */
const settingsOf = (settings: z.ZodType): readonly Row[] => {
  const { fields, required } = settingsSchema(settings)
  return Object.entries(fields).map(([name, field]) => [
    `\`${name}\`${required.includes(name) ? '' : ' (optional)'}`,
    [textAt(field, 'label'), textAt(field, 'help')].filter((text) => text !== undefined).join('. '),
  ])
}

const defaultOf = (settings: z.ZodType, name: string): string | undefined =>
  textAt(settingsSchema(settings).fields[name], 'default')

/** The names of settings that every connection has, as settingsOf writes them. */
const COMMON: ReadonlySet<string> = new Set(settingsOf(z.object(commonSettings('{product}'))).map(([name]) => name))

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
