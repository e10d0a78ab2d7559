import { type Examples, exampleAnswer } from './examples.ts'

/** Answers that no documentation describes and every platform gives one day. */
export const ODD_ANSWERS = [
  ['no answer', exampleAnswer(0)],
  ['200 with a page', exampleAnswer(200, '<html><body>Welcome</body></html>')],
  ['200 with JSON cut off', exampleAnswer(200, '{"events":[{"status":"proc')],
  ['200 with nothing', exampleAnswer(200)],
  ['200 with null', exampleAnswer(200, 'null')],
  ['200 with a list of odd things', exampleAnswer(200, { events: [null, 1, 'x', [], {}, { status: {} }, true] })],
  ['204', exampleAnswer(204)],
  ['302', exampleAnswer(302, '', { location: 'https://elsewhere.example.com/' })],
  ['400 with a page', exampleAnswer(400, '<html></html>')],
  ['422 with odd details', exampleAnswer(422, { details: { events: [null] } })],
  ...[401, 403, 404, 408, 410, 413, 418, 429, 500, 502, 503, 504, 599].map(
    (status) => [String(status), exampleAnswer(status)] as const,
  ),
] as const

/** Answers that come from the network, the platform's state or the credentials. */
export const NOT_THE_EVENTS_FAULT = [
  ['no answer', exampleAnswer(0)],
  ['200 with a page', exampleAnswer(200, '<html><body>Welcome</body></html>')],
  ['200 with JSON cut off', exampleAnswer(200, '{"events":[{"status":"proc')],
  ...[302, 401, 403, 404, 408, 429, 500, 502, 503, 504].map(
    (status) => [String(status), exampleAnswer(status)] as const,
  ),
] as const

/** Addresses in clear, of this machine and its neighbours, by number, or with a name before an @. */
const NOT_PUBLIC = [
  ...['http://hooks.example.com/', 'hooks.example.com', 'https://', 'file:///etc/hosts'],
  ...[
    ...['user@hooks.example.com', 'user:secret@hooks.example.com', ':secret@hooks.example.com'],
    ...['127.0.0.1', '127.1', '0x7f.1', '2130706433', '１２７.0.0.1', '0.0.0.0'],
    ...['10.0.0.1', '192.168.0.1', '169.254.169.254', '8.8.8.8'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[fe80::1]', '[fd00::1]', '[2606:4700::1]'],
    ...['localhost', 'LOCALHOST.', 'a.localhost', 'intranet', 'printer.local', 'printer.local.', 'nas.lan'],
    ...['db.internal', 'metadata.google.internal', 'router.home.arpa'],
    ...[22, 80, 3000, 6379, 8080].map((port) => `hooks.example.com:${port}`),
  ].map((host) => `https://${host}/`),
]

/** Settings with one of their addresses leading where nobody may be led. */
export const astray = (settings: Examples['settings']): readonly Examples['settings'][] =>
  Object.entries(settings)
    .filter(([, value]) => typeof value === 'string' && value.startsWith('https://'))
    .flatMap(([field]) => NOT_PUBLIC.map((address) => ({ ...settings, [field]: address })))

/** A person whose every value would be noticed. */
export const canary = {
  email: 'canary.person@example.com',
  phone: '+14155550199',
  firstName: 'Canaryfirst',
  lastName: 'Canarylast',
  birthDate: '1970-01-02',
  street: '77 Canary Street',
  city: 'Canarytown',
  postalCode: '90417',
  customerId: '770077007700',
  clientId: 'ca4a2100-0000-4000-8000-000000000000',
}

/** Every text in a setting: credentials have several. */
export const leaves = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(leaves)
    : value === undefined
      ? []
      : [String(value)]

/** Paths of everything in a value that says nothing. */
export const emptyPlaces = (value: unknown, path = '$'): string[] => {
  if (value === null || value === undefined || value === '' || Number.isNaN(value)) return [path]
  if (Array.isArray(value)) return value.flatMap((inner, index) => emptyPlaces(inner, `${path}[${index}]`))
  return typeof value === 'object'
    ? Object.entries(value).flatMap(([key, inner]) => emptyPlaces(inner, `${path}.${key}`))
    : []
}

/** The value with everything in it frozen. */
export const deepFrozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFrozen(inner)
    Object.freeze(value)
  }
  return value
}
