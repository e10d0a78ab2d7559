import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type AskedByHand, useAskByHand } from '../api.ts'
import { R } from '../texts/requests.ts'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

const NOBODY = { email: '', phone: '', customer: '', order: '' }
type Person = typeof NOBODY

const FIELDS: readonly { readonly name: keyof Person; readonly label: string; readonly help?: string }[] = [
  { name: 'email', label: R.email },
  { name: 'phone', label: R.phone, help: R.phoneHelp },
  { name: 'customer', label: R.customer, help: R.customerHelp },
  { name: 'order', label: R.order, help: R.orderHelp },
]

const told = (person: Person): Omit<AskedByHand, 'kind'> =>
  Object.fromEntries(Object.entries(person).filter(([, value]) => value.trim() !== ''))

/** Collects the data of a person, or erases them, where they did not ask through Shopify. */
export const AskByHand = ({ shop }: { readonly shop: string }) => {
  const [person, setPerson] = useState(NOBODY)
  const [erasing, setErasing] = useState(false)
  const ask = useAskByHand(shop)
  const empty = Object.keys(told(person)).length === 0
  const send = (kind: AskedByHand['kind']) =>
    ask.mutate(
      { kind, ...told(person) },
      {
        onSuccess: () => setPerson(NOBODY),
        onSettled: () => setErasing(false),
      },
    )
  return (
    <Section title={R.byHand} help={R.byHandHelp}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {FIELDS.map(({ name, label, help }) => (
            <TextInput
              key={name}
              label={label}
              description={help}
              inputWrapperOrder={['label', 'input', 'description']}
              value={person[name]}
              disabled={erasing}
              autoComplete="off"
              onChange={(event) => {
                ask.reset()
                setPerson({ ...person, [name]: event.currentTarget.value })
              }}
            />
          ))}
        </SimpleGrid>
        {erasing ? <Text size="sm">{R.sure}</Text> : null}
        {erasing ? (
          <Group>
            <Button loading={ask.isPending} onClick={() => send('customer_erasure')}>
              {R.eraseNow}
            </Button>
            <Button variant="default" onClick={() => setErasing(false)}>
              {R.back}
            </Button>
          </Group>
        ) : (
          <Group>
            <Button variant="default" disabled={empty} loading={ask.isPending} onClick={() => send('customer_data')}>
              {R.collect}
            </Button>
            <Button variant="default" disabled={empty} onClick={() => setErasing(true)}>
              {R.erase}
            </Button>
          </Group>
        )}
        {ask.isError ? <Told state="skipped">{ask.error.message}</Told> : null}
        {ask.isSuccess ? <Told state="delivered">{R.taken}</Told> : null}
      </Stack>
    </Section>
  )
}
