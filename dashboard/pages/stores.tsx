import { Anchor, Button, Group, Loader, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useOutletContext } from 'react-router'
import type { ShopContext } from '../app.tsx'
import { money, number, share } from '../format.ts'
import { Invitation } from '../parts/empty.tsx'
import { accounted, byUrgency, Light } from '../parts/light.tsx'
import { useToday } from '../queries/figures.ts'
import { S } from '../texts/stores.ts'
import { T } from '../texts.ts'

/** Each row asks for its own store, so a page of them costs the same however many there are. */
const PER_PAGE = 20

/** All stores of an agency: how each is today, one click away. */
export const StoresPage = () => {
  const { setup } = useOutletContext<ShopContext>()
  const [wanted, want] = useState('')
  const [shown, show] = useState(PER_PAGE)
  const found = setup.shops.filter(({ shop }) => shop.includes(wanted.trim().toLowerCase()))
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Title order={1} size="h2">
            {S.title}
          </Title>
          <Text c="dimmed">{S.help}</Text>
        </div>
        {setup.shops.length > 1 ? (
          <TextInput
            type="search"
            aria-label={S.find}
            placeholder={S.find}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={wanted}
            onChange={(event) => want(event.currentTarget.value)}
          />
        ) : null}
      </Group>
      {found.length === 0 ? (
        <Invitation title={S.none} />
      ) : (
        // Reachable by keyboard, because it scrolls where it is narrow.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section className="card scrolls" aria-label={S.title} tabIndex={0}>
          <Table verticalSpacing="sm" miw={720}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{S.store}</Table.Th>
                <Table.Th>{S.health}</Table.Th>
                <Table.Th ta="right">{S.orders}</Table.Th>
                <Table.Th ta="right">{S.accounted}</Table.Th>
                <Table.Th ta="right">{S.dead}</Table.Th>
                <Table.Th ta="right">{S.platforms}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.slice(0, shown).map(({ shop }) => (
                <Store key={shop} shop={shop} />
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {found.length > shown ? (
        <Group justify="center">
          <Button variant="default" onClick={() => show(shown + PER_PAGE)}>
            {S.more}
          </Button>
        </Group>
      ) : null}
    </Stack>
  )
}

const Store = ({ shop }: { readonly shop: string }) => {
  const today = useToday(shop)
  const name = (
    <Table.Td>
      <Anchor component={Link} to={`/s/${shop}`} fw={600} aria-label={S.open(shop)}>
        {shop}
      </Anchor>
    </Table.Td>
  )
  if (!today.data)
    return (
      <Table.Tr>
        {name}
        <Table.Td colSpan={5}>
          {today.isError ? today.error.message : <Loader size="xs" role="status" aria-label={T.loading} />}
        </Table.Td>
      </Table.Tr>
    )
  const { orders, currency, platforms, checks } = today.data
  const known = accounted(orders.count, platforms)
  const worst = platforms.toSorted(byUrgency)[0]
  const failures = checks.find((check) => check.check === 'failures')
  return (
    <Table.Tr>
      {name}
      <Table.Td>{worst ? <Light light={worst.light} /> : S.noPlatform}</Table.Td>
      <Table.Td ta="right" className="numbers">
        {number(orders.count)}
        {orders.count > 0 ? ` · ${money(orders.value, currency)}` : ''}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {known === undefined ? '–' : share(known)}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {number(failures?.check === 'failures' ? failures.dead : 0)}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {number(platforms.length)}
      </Table.Td>
    </Table.Tr>
  )
}
