import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link } from 'react-router'
import { fullMoment, moment, money } from '../format.ts'
import type { AuditedOrder, AuditSums } from '../queries/audit.ts'
import { A } from '../texts/audit.ts'
import { AuditMark } from './audit-state.tsx'

interface Shown {
  readonly shop: string
  readonly orders: readonly AuditedOrder[]
  readonly names: ReadonlyMap<number, { readonly platform: string; readonly name: string }>
  /** '' for all platforms. */
  readonly connection: string
}

/** Orders with what became of each: a table where there is room, else a list. */
export const AuditOrders = ({
  shop,
  orders,
  connections,
  connection,
  more,
}: Omit<Shown, 'names'> & {
  readonly connections: AuditSums['connections']
  readonly more?: { readonly isPending: boolean; readonly ask: () => void } | undefined
}) => {
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
  const names = new Map(connections.map((one) => [Number(one.connection), one]))
  const List = wide ? OrderTable : OrderCards
  return (
    <section className="card" aria-label={A.title}>
      <List shop={shop} orders={orders} names={names} connection={connection} />
      {more ? (
        <Group justify="center" mt="md">
          <Button variant="default" loading={more.isPending} onClick={more.ask}>
            {A.more}
          </Button>
        </Group>
      ) : null}
    </section>
  )
}

const OrderTable = (shown: Shown) => (
  <Table verticalSpacing={9}>
    <Table.Thead>
      <Table.Tr>
        <Table.Th>{A.order}</Table.Th>
        <Table.Th>{A.placed}</Table.Th>
        <Table.Th ta="right" pr={28}>
          {A.value}
        </Table.Th>
        <Table.Th w="55%">{A.outcome}</Table.Th>
      </Table.Tr>
    </Table.Thead>
    <Table.Tbody>
      {shown.orders.map((order) => (
        <Table.Tr key={order.orderId}>
          <Table.Td>
            <OrderName shop={shown.shop} order={order} />
          </Table.Td>
          <Table.Td>
            <Placed order={order} />
          </Table.Td>
          <Table.Td ta="right" pr={28}>
            {money(order.value, order.currency)}
          </Table.Td>
          <Table.Td>
            <Cells {...shown} order={order} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  </Table>
)

const OrderCards = (shown: Shown) => (
  <ul className="rows">
    {shown.orders.map((order) => (
      <li key={order.orderId}>
        <Stack gap={6}>
          <Group justify="space-between" gap="xs">
            <OrderName shop={shown.shop} order={order} />
            <Text size="sm">{money(order.value, order.currency)}</Text>
          </Group>
          <Text size="sm" c="dimmed">
            <Placed order={order} />
          </Text>
          <Cells {...shown} order={order} />
        </Stack>
      </li>
    ))}
  </ul>
)

const OrderName = ({ shop, order }: { readonly shop: string; readonly order: AuditedOrder }) => {
  const name = order.name ?? order.orderId
  return (
    <span>
      {order.seq === undefined ? (
        name
      ) : (
        <Anchor component={Link} to={`/s/${shop}/events/${order.seq}`}>
          {name}
        </Anchor>
      )}
      {order.isCancelled ? (
        <Text span size="sm" c="dimmed">
          {' '}
          {A.cancelled}
        </Text>
      ) : null}
    </span>
  )
}

const Placed = ({ order: { placedAt } }: { readonly order: AuditedOrder }) =>
  placedAt === undefined ? null : <span title={fullMoment(placedAt)}>{moment(placedAt)}</span>

const Cells = ({ order, names, connection }: Shown & { readonly order: AuditedOrder }) => {
  const cells = order.cells.filter((cell) => connection === '' || String(cell.connection) === connection)
  return (
    <Group gap={6}>
      {cells.map((cell) => (
        <AuditMark
          key={cell.connection}
          cell={cell}
          {...(names.get(Number(cell.connection)) ?? { platform: '', name: '' })}
          alone={cells.length === 1}
        />
      ))}
    </Group>
  )
}
