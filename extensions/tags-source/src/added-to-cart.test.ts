import { expect, it } from 'vitest'
import { askedFor } from './added-to-cart.ts'

const form = new FormData()
form.set('id', '44120000000111')
form.set('quantity', '2')

it.each([
  ['a form', form],
  ['an encoded form', new URLSearchParams({ id: '44120000000111', quantity: '2' })],
  ['an encoded form as text', 'id=44120000000111&quantity=2'],
  ['JSON', '{"id":44120000000111,"quantity":2}'],
  ['JSON with a list', '{"items":[{"id":44120000000111,"quantity":2}]}'],
])('reads what is put into the cart out of %s', (_, body) => {
  expect(askedFor(body)).toEqual([{ variant: '44120000000111', quantity: 2 }])
})

it('takes one piece where none is told, and nothing where nothing is added', () => {
  expect(askedFor('{"id":1}')).toEqual([{ variant: '1', quantity: 1 }])
  expect(askedFor('{"id":1,"quantity":0}')).toEqual([])
  expect(askedFor('{"note":"hello"}')).toEqual([])
  expect(askedFor(undefined)).toEqual([])
})
