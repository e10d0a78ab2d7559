import { Button, Group, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { DatePickerInput } from '@mantine/dates'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useOutletContext } from 'react-router'
import type { ShopContext } from '../app.tsx'
import { AuditOrders } from '../parts/audit-orders.tsx'
import { AUDIT_STATES } from '../parts/audit-state.tsx'
import { AuditCompared, AuditTotals } from '../parts/audit-sums.tsx'
import { Invitation, Trouble, Waiting } from '../parts/empty.tsx'
import { Told } from '../parts/told.tsx'
import {
  type AuditFilter,
  type AuditPeriod,
  type AuditState,
  useAudit,
  useAuditFile,
  useAuditSums,
} from '../queries/audit.ts'
import { A, AUDIT_LABELS } from '../texts/audit.ts'

const EVERYTHING: AuditFilter = { connection: '', state: '' }
const WEEK = 6 * 86_400_000

/** The proof: every order of some days at every platform, delivered or the reason why not. */
export const AuditPage = () => {
  const { shop, setup } = useOutletContext<ShopContext>()
  const timezone = setup.shops.find((one) => one.shop === shop)?.timezone
  const [days, setDays] = useState<readonly [string | null, string | null]>(() => lastWeek(timezone))
  // While only one end was clicked the days before stay.
  const [period, setPeriod] = useState<AuditPeriod>(() => periodOf(lastWeek(timezone)))
  const [filter, setFilter] = useState(EVERYTHING)
  const sums = useAuditSums(shop, period)
  const audit = useAudit(shop, period, filter)
  const file = useAuditFile(shop, period)
  const orders = audit.data?.pages.flatMap((page) => page.orders) ?? []
  const connections = sums.data?.connections ?? []
  const isFiltered = filter.connection !== '' || filter.state !== ''
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="xs" align="flex-end">
        <div>
          <Title order={1} size="h2">
            {A.title}
          </Title>
          <Text c="dimmed">{A.help}</Text>
        </div>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={file.isPending}
          onClick={() => file.mutate()}
        >
          {A.file}
        </Button>
      </Group>
      {file.isError ? <Told state="dead">{file.error.message}</Told> : null}
      <section className="card" aria-label={A.period}>
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <DatePickerInput
            type="range"
            label={A.period}
            allowSingleDateInRange
            valueFormat="MMM D, YYYY"
            value={[...days]}
            onChange={([from, until]) => {
              setDays([from, until])
              if (from !== null && until !== null) setPeriod(periodOf([from, until]))
            }}
          />
          <Select
            label={A.platform}
            placeholder={A.anyPlatform}
            data={connections.map(({ connection, name }) => ({ value: String(connection), label: name }))}
            value={filter.connection || null}
            clearable
            onChange={(connection) => setFilter({ ...filter, connection: connection ?? '' })}
          />
          <Select
            label={A.state}
            placeholder={A.anyState}
            data={AUDIT_STATES.map((state) => ({ value: state, label: AUDIT_LABELS[state] }))}
            value={filter.state || null}
            clearable
            onChange={(state) => setFilter({ ...filter, state: (state ?? '') as AuditState | '' })}
          />
        </SimpleGrid>
      </section>
      {sums.isPending ? <Waiting /> : null}
      {sums.isError ? <Trouble error={sums.error} retry={() => void sums.refetch()} /> : null}
      {sums.data ? (
        <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: 'start' }}>
          <AuditTotals sums={sums.data} choose={setFilter} />
          <AuditCompared shop={shop} period={period} />
        </SimpleGrid>
      ) : null}
      {audit.isError ? <Trouble error={audit.error} retry={() => void audit.refetch()} /> : null}
      {audit.data && orders.length === 0 && !audit.hasNextPage ? (
        isFiltered ? (
          <Invitation title={A.noneSuch} help={A.noneSuchHelp}>
            <Button variant="default" onClick={() => setFilter(EVERYTHING)}>
              {A.unfiltered}
            </Button>
          </Invitation>
        ) : (
          <Invitation title={A.none} help={A.noneHelp} />
        )
      ) : null}
      {audit.data && (orders.length > 0 || audit.hasNextPage) ? (
        <AuditOrders
          shop={shop}
          orders={orders}
          connections={connections}
          connection={filter.connection}
          more={
            audit.hasNextPage
              ? { isPending: audit.isFetchingNextPage, ask: () => void audit.fetchNextPage() }
              : undefined
          }
        />
      ) : null}
    </Stack>
  )
}

const periodOf = ([from, until]: readonly [string, string]): AuditPeriod => ({ from, until })

/** Today, where the shop is, and the six days before. */
const lastWeek = (timezone: string | undefined): readonly [string, string] => {
  // Canada writes days as YYYY-MM-DD.
  const day = new Intl.DateTimeFormat('en-CA', timezone === undefined ? {} : { timeZone: timezone })
  return [day.format(Date.now() - WEEK), day.format(Date.now())]
}
