import { expect, it } from 'vitest'
import { readDocuments } from './read-lines.ts'

it.each([
  ['nothing', ' \n ', []],
  ['one document over many lines', '{\n  "a": 1\n}\n', [{ document: 0, value: { a: 1 } }]],
  ['one document after a byte order mark', '\ufeff{"a":1}', [{ document: 0, value: { a: 1 } }]],
  [
    'a list of documents',
    '[{"a":1}, {"a":2}]',
    [
      { document: 0, value: { a: 1 } },
      { document: 1, value: { a: 2 } },
    ],
  ],
  [
    'a document on each line',
    '{"a":1}\r\n\n{"a":2}\n',
    [
      { document: 0, value: { a: 1 } },
      { document: 1, value: { a: 2 } },
    ],
  ],
  [
    'a bad line among good ones',
    '{"a":1}\n{"a":\n',
    [
      { document: 0, value: { a: 1 } },
      { document: 1, error: 'not JSON' },
    ],
  ],
  ['one broken document over many lines', '{\n "a": 1,\n}\n', [{ document: 0, error: 'not JSON' }]],
  ['a document nested too deep', '['.repeat(200), [{ document: 0, error: 'nested deeper than 100 levels' }]],
  [
    'an id beyond 2^53 keeps its digits',
    '{"id":9007199254740993}',
    [{ document: 0, value: { id: '9007199254740993' } }],
  ],
])('%s', (_, input, documents) => {
  expect(readDocuments(input)).toEqual(documents)
})
