import { Button, Group, Stack, Text, Tooltip } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlugConnected, IconSettings } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { type ConnectionOverview, useSetState, useTest } from '../api.ts'
import { lagClass, moment, money, number, reason, sentenceOf } from '../format.ts'
import { T } from '../texts.ts'
import { figuresOf } from './connection-row.tsx'
import { Tested, Told } from './told.tsx'

/** How it goes with a connection, why not everything goes, and what one can do about it. */
export const ConnectionDetails = ({
  shop,
  connection,
}: {
  readonly shop: string
  readonly connection: ConnectionOverview
}) => {
  const { account, lag, lastTrouble, purchases, state, trouble, unconfirmed, waiting } = connection
  return (
    <Stack gap="md">
      {state === 'needs_auth' ? <Told state="dead">{trouble ?? T.needsAuth}</Told> : null}
      {state === 'paused' ? <Told state="skipped">{T.pausedNote}</Told> : null}
      {state === 'active' && trouble ? <Told state="waiting">{trouble}</Told> : null}
      {connection.tested === undefined ? null : (
        <Told state="waiting">
          <b>{T.testModeOn}.</b> {connection.tested}
        </Told>
      )}
      {connection.notice ? <Told state="waiting">{connection.notice}</Told> : null}
      {waiting.forPerson > 0 ? <Told state="waiting">{T.forPerson(waiting.forPerson)}</Told> : null}

      <Shares connection={connection} />
      <Counted title={T.whySkipped} rows={connection.skipped.map(explainedRow)} />
      <Counted title={T.whyDead} rows={connection.dead.map(explainedRow)} />
      <Counted title={T.remarks} rows={connection.notes} />

      <ul className="rows">
        {account === undefined ? null : <Row label={T.account}>{account}</Row>}
        <Row label={T.purchases}>
          {purchases.count === 0 ? '0' : `${number(purchases.count)} · ${money(purchases.value, purchases.currency)}`}
        </Row>
        {purchases.recovered.noBrowser.count > 0 ? (
          <Row label={T.noBrowserSignal}>
            {`${number(purchases.recovered.noBrowser.count)} · ${money(purchases.recovered.noBrowser.value, purchases.currency)}`}
          </Row>
        ) : null}
        {unconfirmed > 0 ? <Row label={T.unconfirmed}>{number(unconfirmed)}</Row> : null}
        {lag ? <Row label={T.lag}>{T.lagValue(lagClass(lag.p50), lagClass(lag.p95))}</Row> : null}
        <Row label={T.lastTrouble}>{lastTrouble ? moment(lastTrouble.at) : T.noTrouble}</Row>
      </ul>
      {lastTrouble ? (
        <Text size="sm" lineClamp={4} title={lastTrouble.answer}>
          {sentenceOf(lastTrouble.answer)}{' '}
          <Text span size="xs" c="dimmed">
            {lastTrouble.status === 0 ? T.noAnswer : T.status(lastTrouble.status)}
          </Text>
        </Text>
      ) : null}

      <Actions shop={shop} connection={connection} />
    </Stack>
  )
}

const Row = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <li>
    <Text span size="sm" c="dimmed">
      {label}
    </Text>
    <Text span size="sm" fw={600} ta="right" className="row-value">
      {children}
    </Text>
  </li>
)

/** The four states beside each other, and that nothing is left over: their sum is said. */
const Shares = ({ connection }: { readonly connection: ConnectionOverview }) => {
  const figures = figuresOf(connection)
  return (
    <Stack gap={8}>
      <div className="share" role="img" aria-label={T.shares}>
        {figures.map(({ state, count }) =>
          count > 0 ? <i key={state} data-state={state} style={{ flexGrow: count }} /> : null,
        )}
      </div>
      <Tooltip label={T.sumsHelp} multiline maw={280} withArrow>
        <Text size="xs" c="dimmed" w="fit-content">
          {T.sums(figures.reduce((all, { count }) => all + count, 0))}
        </Text>
      </Tooltip>
    </Stack>
  )
}

interface CountedRow {
  readonly text: string
  readonly count: number
}

const explainedRow = ({ explained, count }: ConnectionOverview['skipped'][number]): CountedRow => ({
  text: reason(explained),
  count,
})

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
          {T.manage}
        </Button>
      </Group>
      <Tested test={test} />
      {setState.isError ? <Told state="dead">{setState.error.message}</Told> : null}
    </Stack>
  )
}
