import { describe, expect, it } from 'vitest'
import { destinations } from '../destinations/all.ts'
import { normalizeCommand } from './normalize.ts'

const answers = (documents: readonly object[]) => {
  const { lines, status } = normalizeCommand(
    { destination: 'pinterest' },
    documents.map((document) => JSON.stringify(document)).join('\n'),
  )
  return { answers: lines.map((line) => JSON.parse(line)), status }
}

describe('Pinterest’s form of identifiers', () => {
  it.each([
    [
      'email',
      ' Jane.Doe+Shop@Example.COM ',
      'US',
      'jane.doe+shop@example.com',
      'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8',
    ],
    [
      'email',
      'John_Smith@gmail.com',
      undefined,
      'john_smith@gmail.com',
      '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f',
    ],
    [
      'phone',
      '+1 (415) 555-0132',
      undefined,
      '14155550132',
      '11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51',
    ],
    [
      'phone',
      '(415) 555-0132',
      'US',
      '14155550132',
      '11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51',
    ],
    [
      'phone',
      '0041 79 123 45 67',
      undefined,
      '41791234567',
      '641b2674c7b3d41f0c5167c163c845f3d899639ebc622d0d3b4632abeb14e6b0',
    ],
    [
      'phone',
      '+44 20 7946 0958',
      undefined,
      '442079460958',
      '35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823',
    ],
    ['firstName', ' Jane', undefined, 'jane', '81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
    [
      'firstName',
      'Val\u00e9ry',
      undefined,
      'val\u00e9ry',
      '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c',
    ],
    [
      'firstName',
      'Vale\u0301ry',
      undefined,
      'val\u00e9ry',
      '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c',
    ],
    [
      'lastName',
      "O'Doe-Smith",
      undefined,
      "o'doe-smith",
      '2cbc33dc68c765d29778f4f8157bc9a96955386e9ff6deeeca0ec9482ca8f0f8',
    ],
    ['city', 'San José', undefined, 'sanjosé', 'fcc7b12e619d7e36782eeba767f24c4fe9dd54a931994e68c515be24bd046b59'],
    ['city', 'New York', undefined, 'newyork', '350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5'],
    ['city', 'St. Gallen', undefined, 'stgallen', '16a16b9670fe28bcb642bbb739ebb0c2ed33b0c870498becd2d6b02cf48a0106'],
    ['region', 'CA', 'US', 'ca', '6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
    ['postalCode', '95112-1234', 'US', '95112', 'b888babfbc5e2d03fd5bdf2b51182aca00a1de23187b779c8455d2f1f19038fd'],
    ['postalCode', '8001', 'CH', '8001', '242d1f9ba9fbda48e877c20dd4de8e9a0074e98add3de4856115ab61863786c5'],
    ['country', 'US', undefined, 'us', '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
    ['country', 'CH', undefined, 'ch', '343677762813eaeb65704cc8d9e96f7a444ba0cca92ff861af7f68648b3e6ef1'],
    [
      'birthDate',
      '1990-04-15',
      undefined,
      '19900415',
      '5be1507be4da222549f321c7d5a4513e1287238d5ddc83622a12ff5e155bbe1b',
    ],
    ['gender', 'Female', undefined, 'f', '252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111'],
    ['gender', 'm', undefined, 'm', '62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a'],
    ['gender', 'non-binary', undefined, 'n', '1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9'],
    [
      'externalId',
      '7001234567890',
      undefined,
      '7001234567890',
      '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba',
    ],
    [
      'customerId',
      '7001234567890',
      undefined,
      '7001234567890',
      '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba',
    ],
  ])('%s %j (%s)', (field, value, country, normalized, sha256) => {
    expect(answers([{ field, value, country }])).toEqual({ answers: [{ normalized, sha256 }], status: 0 })
  })

  it.each([
    ['ip', '203.0.113.42', '203.0.113.42'],
    ['userAgent', ' Mozilla/5.0 (X11; Linux x86_64) ', 'Mozilla/5.0 (X11; Linux x86_64)'],
    ['language', 'en-US,en;q=0.9', 'en'],
  ])('%s goes in clear', (field, value, normalized) => {
    expect(answers([{ field, value }]).answers).toEqual([{ normalized }])
  })

  it.each([
    ['email', ''],
    ['email', 'nobody'],
    ['phone', '12'],
    ['region', 'California'],
    ['region', 'NSW'],
    ['postalCode', 'SW1A 1AA'],
    ['ip', '0.0.0.0'],
    ['language', 'fil'],
    ['company', 'Example Ltd'],
    ['shoeSize', '42'],
  ])('%s %j is refused in words', (field, value) => {
    expect(answers([{ field, value }])).toEqual({ answers: [{ refused: expect.stringMatching(/\w+ \w+/) }], status: 1 })
  })
})

describe('converlay normalize', () => {
  it('answers a question of the command line', () => {
    const { lines, status } = normalizeCommand(
      { destination: 'pinterest', field: 'phone', country: 'CH', value: '079 123 45 67' },
      '',
    )
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ normalized: '41791234567' })
    expect(status).toBe(0)
  })

  it('goes on after a bad line', () => {
    const input = '{"field":"country","value":"US"}\nnot json\n{"value":"x"}\n{"field":"country","value":"CH"}'
    const { lines, status } = normalizeCommand({ destination: 'pinterest' }, input)
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { normalized: 'us', sha256: expect.any(String) },
      { document: 1, error: 'not JSON' },
      { document: 2, error: expect.stringContaining('field is missing') },
      { normalized: 'ch', sha256: expect.any(String) },
    ])
    expect(status).toBe(1)
  })

  it('says which destinations there are', () => {
    expect(normalizeCommand({ destination: 'nowhere' }, '')).toEqual({
      lines: [`There is no destination "nowhere". There are: ${[...destinations.keys()].join(', ')}.`],
      status: 2,
    })
  })

  it('wants a field for a value', () => {
    expect(normalizeCommand({ destination: 'pinterest', value: 'x' }, '').status).toBe(2)
  })
})
