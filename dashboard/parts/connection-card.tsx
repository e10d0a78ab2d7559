import { Button, Group, Stack, Text, Title, Tooltip } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlugConnected, IconSettings } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type ConnectionOverview, useSetState, useTest } from '../api.ts'
import { lagClass, moment, money, number, reason, sentenceOf } from '../format.ts'
import { T } from '../texts.ts'
import { PlatformMark } from './platform-mark.tsx'
import { Tested, Told } from './told.tsx'

type Reasons = ConnectionOverview['skipped']
const total = (reasons: Reasons): number => reasons.reduce((sum, { count }) => sum + count, 0)

/** One platform of a shop: how it goes, why not everything goes, and what one can do about it. */
export const ConnectionCard = ({
  shop,
  connection,
}: {
  readonly shop: string
  readonly connection: ConnectionOverview
}) => {
  const { destination, state, waiting, purchases } = connection
  return (
    <section className="card" aria-label={T.connection(destination.name, connection.id)}>
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <PlatformMark {...destination} />
            <div>
              <Title order={3} size="h4" lh={1.2}>
                {destination.name}
              </Title>
              <Text size="sm" c="dimmed">
                {T.lastDay}
                {connection.account ? ` · ${connection.account}` : ''}
              </Text>
            </div>
          </Group>
          <span
            className="pill"
            data-state={state === 'active' ? 'delivered' : state === 'paused' ? 'skipped' : 'dead'}
          >
            {T.states[state]}
          </span>
        </Group>

        {state === 'needs_auth' ? <Told state="dead">{connection.trouble ?? T.needsAuth}</Told> : null}
        {state === 'paused' ? <Told state="skipped">{T.pausedNote}</Told> : null}
        {state === 'active' && connection.trouble ? <Told state="waiting">{connection.trouble}</Told> : null}
        {connection.notice ? <Told state="waiting">{connection.notice}</Told> : null}
        {waiting.forPerson > 0 ? <Told state="waiting">{T.forPerson(waiting.forPerson)}</Told> : null}

        <Figures connection={connection} />
        <Counted title={T.whySkipped} rows={connection.skipped.map(explainedRow)} />
        <Counted title={T.whyDead} rows={connection.dead.map(explainedRow)} />
        <Counted title={T.remarks} rows={connection.notes} />

        <ul className="rows">
          <Row label={T.purchases}>
            {purchases.count === 0 ? '0' : `${number(purchases.count)} · ${money(purchases.value, purchases.currency)}`}
          </Row>
          {connection.unconfirmed > 0 ? <Row label={T.unconfirmed}>{number(connection.unconfirmed)}</Row> : null}
          {connection.lag ? (
            <Row label={T.lag}>{T.lagValue(lagClass(connection.lag.p50), lagClass(connection.lag.p95))}</Row>
          ) : null}
          <Row label={T.lastTrouble}>
            {connection.lastTrouble
              ? `${moment(connection.lastTrouble.at)} · ${connection.lastTrouble.status || T.noAnswer}`
              : T.noTrouble}
          </Row>
        </ul>
        {connection.lastTrouble?.answer ? (
          <Text size="xs" c="dimmed" lineClamp={2} title={connection.lastTrouble.answer}>
            {sentenceOf(connection.lastTrouble.answer)}
          </Text>
        ) : null}

        <Actions shop={shop} connection={connection} />
      </Stack>
    </section>
  )
}

const Row = ({ label, children }: { readonly label: string; readonly children: string }) => (
  <li>
    <Text span size="sm" c="dimmed">
      {label}
    </Text>
    <Text span size="sm" fw={600} ta="right" className="numbers">
      {children}
    </Text>
  </li>
)

/** The four states, and that nothing is left over: their sum is said. */
const Figures = ({ connection }: { readonly connection: ConnectionOverview }) => {
  const waiting = connection.waiting.inLine + connection.waiting.parked + connection.waiting.forPerson
  const figures = [
    {
      state: 'delivered',
      label: connection.delivered > 0 && connection.unconfirmed === connection.delivered ? T.sent : T.delivered,
      count: connection.delivered,
    },
    { state: 'skipped', label: T.skipped, count: total(connection.skipped) },
    { state: 'waiting', label: T.waiting, count: waiting, more: connection.waiting.more },
    { state: 'dead', label: T.dead, count: total(connection.dead) },
  ] as const
  const sum = figures.reduce((all, { count }) => all + count, 0)
  return (
    <Stack gap={8}>
      <dl className="figures numbers">
        {figures.map((figure) => (
          <div key={figure.state} data-state={figure.state}>
            <dd>
              {number(figure.count)}
              {'more' in figure && figure.more ? '+' : ''}
            </dd>
            <dt>{figure.label}</dt>
          </div>
        ))}
      </dl>
      <div className="share" role="img" aria-label={T.shares}>
        {figures.map(({ state, count }) =>
          count > 0 ? <i key={state} data-state={state} style={{ flexGrow: count }} /> : null,
        )}
      </div>
      <Tooltip label={T.sumsHelp} multiline maw={280} withArrow>
        <Text size="xs" c="dimmed" w="fit-content">
          {T.sums(sum)}
        </Text>
      </Tooltip>
    </Stack>
  )
}

interface CountedRow {
  readonly text: string
  readonly count: number
}

const explainedRow = ({ explained, count }: Reasons[number]): CountedRow => ({ text: reason(explained), count })

const Counted = ({ title, rows }: { readonly title: string; readonly rows: readonly CountedRow[] }) =>
  rows.length === 0 ? null : (
    <div>
      <Text size="sm" fw={600} mb={2}>
        {title}
      </Text>
      <ul className="rows">
        {rows.map(({ text, count }) => (
          <li key={text}>
            <span>{text}</span>
            <Text span size="sm" fw={600} className="numbers">
              {number(count)}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  )

const Actions = ({ shop, connection }: { readonly shop: string; readonly connection: ConnectionOverview }) => {
  const id = String(connection.id)
  const setState = useSetState(shop, id)
  const test = useTest(shop, id)
  const active = connection.state === 'active'
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlugConnected size={15} />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          {T.test}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={active ? <IconPlayerPause size={15} /> : <IconPlayerPlay size={15} />}
          loading={setState.isPending}
          onClick={() => setState.mutate(active ? 'paused' : 'active')}
        >
          {active ? T.pause : T.resume}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSettings size={15} />}
          component={Link}
          to={`/s/${shop}/connections/${id}`}
        >
          {T.settings}
        </Button>
      </Group>
      <Tested test={test} />
      {setState.isError ? <Told state="dead">{setState.error.message}</Told> : null}
    </Stack>
  )
}
