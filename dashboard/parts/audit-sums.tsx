import { Button, Group, Loader, Stack, Table, Text, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { moment, money, number } from '../format.ts'
import { type AuditFilter, type AuditPeriod, type AuditState, type AuditSums, useCompared } from '../queries/audit.ts'
import { A, AUDIT_LABELS } from '../texts/audit.ts'
import { AUDIT_STATES, colourOf } from './audit-state.tsx'
import { StateIcon } from './pill.tsx'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

type Tally = AuditSums['all']

/** "$1,234.50 + €20.00". */
const worth = ({ value }: Tally): string =>
  Object.entries(value)
    .map(([currency, amount]) => money(amount, currency))
    .join(' + ')

/** How many orders are in which state at each platform; a number shows only those. */
export const AuditTotals = ({
  sums,
  choose,
}: {
  readonly sums: AuditSums
  readonly choose: (filter: AuditFilter) => void
}) => {
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
  const shown = AUDIT_STATES.filter((state) => sums.connections.some(({ states }) => states[state] !== undefined))
  const count = (state: AuditState, { connection, name, states }: AuditSums['connections'][number]) => {
    const orders = states[state]?.orders ?? 0
    if (orders === 0) return <Text c="dimmed">0</Text>
    const label = A.only(AUDIT_LABELS[state], name)
    return (
      <UnstyledButton
        className="pill"
        data-state={colourOf(state)}
        aria-label={`${number(orders)}. ${label}`}
        title={label}
        onClick={() => choose({ connection: String(connection), state })}
      >
        <StateIcon state={colourOf(state)} />
        {number(orders)}
      </UnstyledButton>
    )
  }
  return (
    <Section title={`${A.orders(sums.all.orders)}, ${worth(sums.all)}`} help={A.sumsHelp}>
      {wide ? (
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{A.platform}</Table.Th>
              {shown.map((state) => (
                <Table.Th key={state}>{AUDIT_LABELS[state]}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sums.connections.map((connection) => (
              <Table.Tr key={connection.connection}>
                <Table.Td>{connection.name}</Table.Td>
                {shown.map((state) => (
                  <Table.Td key={state}>{count(state, connection)}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : (
        <Stack gap="sm">
          {sums.connections.map((connection) => (
            <div key={connection.connection}>
              <Text fw={600} size="sm" mb={4}>
                {connection.name}
              </Text>
              <Group gap="xs">
                {shown
                  .filter((state) => connection.states[state] !== undefined)
                  .map((state) => (
                    <Group key={state} gap={4}>
                      <Text size="sm">{AUDIT_LABELS[state]}</Text>
                      {count(state, connection)}
                    </Group>
                  ))}
              </Group>
            </div>
          ))}
        </Stack>
      )}
    </Section>
  )
}

/** Shopify's own count and revenue beside ours, or why they are not there. */
export const AuditCompared = ({ shop, period }: { readonly shop: string; readonly period: AuditPeriod }) => {
  const compared = useCompared(shop, period)
  const said = compared.data
  return (
    <Section title={A.shopify}>
      {compared.isPending ? (
        <Group gap="xs" role="status">
          <Loader size="xs" aria-hidden />
          <Text size="sm">{A.asking}</Text>
        </Group>
      ) : null}
      {compared.isError ? <Told state="dead">{compared.error.message}</Told> : null}
      {said && !said.compared ? (
        <Text size="sm">
          <b>{A.notCompared}.</b> {said.why}
        </Text>
      ) : null}
      {said?.compared ? (
        <Stack gap={6}>
          <Told state={said.isEqual ? 'delivered' : 'waiting'}>{said.isEqual ? A.same : A.differs}</Told>
          <Text size="sm">
            {A.theirs}: {A.orders(said.shopify.orders)}, {worth(said.shopify)}
          </Text>
          <Text size="sm">
            {A.ours}: {A.orders(said.ours.orders)}, {worth(said.ours)}
          </Text>
          {said.elsewhere.orders > 0 ? (
            <Text size="sm">
              {A.elsewhere}: {A.orders(said.elsewhere.orders)}, {worth(said.elsewhere)}
            </Text>
          ) : null}
          <Text size="sm" c="dimmed">
            {A.askedAt(moment(said.at))}
          </Text>
          {said.missing.count > 0 ? <Names title={A.missing(said.missing.count)} orders={said.missing.orders} /> : null}
          {said.gone.count > 0 ? <Names title={A.gone(said.gone.count)} orders={said.gone.orders} /> : null}
        </Stack>
      ) : null}
      {compared.isPending ? null : (
        <Button
          mt="sm"
          size="xs"
          variant="default"
          loading={compared.isFetching}
          onClick={() => void compared.refetch()}
        >
          {A.again}
        </Button>
      )}
    </Section>
  )
}

const Names = ({
  title,
  orders,
}: {
  readonly title: string
  readonly orders: readonly { readonly orderId: string; readonly name?: string | undefined }[]
}) => (
  <details>
    <summary>{title}</summary>
    <Text size="sm" mt={4}>
      {orders.map(({ orderId, name }) => name ?? orderId).join(', ')}
    </Text>
  </details>
)
