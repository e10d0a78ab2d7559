import { SimpleGrid, Stack, Title } from '@mantine/core'
import { useOutletContext } from 'react-router'
import { type ConnectionOverview, useOverview } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { lagClass, money, number, share } from '../format.ts'
import { CameIn } from '../parts/came-in.tsx'
import { Checklist } from '../parts/checklist.tsx'
import { Addresses, NoConnection, NoEvents, Trouble, Waiting } from '../parts/empty.tsx'
import { Figure } from '../parts/figure.tsx'
import { LastErrors } from '../parts/last-errors.tsx'
import { accounted } from '../parts/light.tsx'
import { OrdersToday } from '../parts/orders-today.tsx'
import { type PlatformToday, type Today, useToday } from '../queries/figures.ts'
import { H } from '../texts/home.ts'

/** Is it working? The answer in one sentence, then today's figures, then what to do. */
export const HomePage = () => {
  const { shop, setup } = useOutletContext<ShopContext>()
  const overview = useOverview(shop)
  const today = useToday(shop)
  const failed = overview.error ?? today.error
  if (failed && !(overview.data && today.data))
    return (
      <Trouble
        error={failed}
        retry={() => {
          void overview.refetch()
          void today.refetch()
        }}
      />
    )
  if (!overview.data || !today.data) return <Waiting />
  const { cameIn, connections } = overview.data
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {sentence(today.data.platforms)}
      </Title>
      {connections.length === 0 ? <NoConnection shop={shop} /> : null}
      {cameIn.total === 0 ? <NoEvents setup={setup} /> : null}
      <Figures today={today.data} connections={connections} />
      <div className="halves">
        <Stack gap="lg">
          {connections.length === 0 ? null : <OrdersToday shop={shop} today={today.data} />}
          {connections.length === 0 ? null : <LastErrors shop={shop} connections={connections} />}
        </Stack>
        <Stack gap="lg">
          <Checklist shop={shop} checks={today.data.checks} />
          <CameIn cameIn={cameIn} />
        </Stack>
      </div>
      <details>
        <summary>{H.setUp}</summary>
        <Stack mt="sm">
          <Addresses capture={setup.capture} />
        </Stack>
      </details>
    </Stack>
  )
}

const Figures = ({
  today: { orders, currency, platforms },
  connections,
}: {
  readonly today: Today
  readonly connections: readonly ConnectionOverview[]
}) => {
  const known = accounted(orders.count, platforms)
  const most = platforms.toSorted((a, b) => Number(b.delivered.value) - Number(a.delivered.value))[0]
  const recovered = platforms.toSorted((a, b) => b.recovered.count - a.recovered.count)[0]?.recovered
  const lag = slowest(connections)
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 5 }} spacing="md">
      <Figure label={H.ordersToday} note={money(orders.value, currency)}>
        {number(orders.count)}
      </Figure>
      <Figure label={H.accounted} help={H.accountedHelp}>
        {known === undefined ? '–' : share(known)}
      </Figure>
      <Figure label={H.sentToday} help={H.sentHelp} {...(most ? { note: most.destination.name } : {})}>
        {most ? money(most.delivered.value, currency) : '–'}
      </Figure>
      <Figure
        label={H.recovered[recovered?.by ?? 'browser']}
        note={money(recovered?.value ?? '0', currency)}
        help={H.recoveredHelp[recovered?.by ?? 'browser']}
      >
        {number(recovered?.count ?? 0)}
      </Figure>
      <Figure label={H.lag} help={H.lagHelp}>
        {lag === undefined ? '–' : lagClass(lag)}
      </Figure>
    </SimpleGrid>
  )
}

/** The longest of the connections' 95 %; null is the open class, undefined that nothing was accepted. */
const slowest = (connections: readonly ConnectionOverview[]): number | null | undefined => {
  const all = connections.flatMap(({ lag }) => (lag ? [lag.p95] : []))
  if (all.length === 0) return undefined
  return all.includes(null) ? null : Math.max(...all.map((bound) => bound ?? 0))
}

const sentence = (platforms: readonly PlatformToday[]): string => {
  if (platforms.length === 0) return H.noPlatform
  const named = (light: PlatformToday['light']) => [
    ...new Set(platforms.filter((one) => one.light === light).map(({ destination }) => destination.name)),
  ]
  const [stopped, look] = [named('stopped'), named('look')]
  if (stopped.length > 0) return H.stopped(stopped.join(', '))
  return look.length > 0 ? H.look(look.join(', ')) : H.allWell
}
