import { Anchor, Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useOutletContext } from 'react-router'
import type { ShopContext } from '../app.tsx'
import { moment, money, reason } from '../format.ts'
import { Invitation, Trouble, Waiting } from '../parts/empty.tsx'
import { Told } from '../parts/told.tsx'
import { type DeadCause, useDeadCauses, useReplays } from '../queries/figures.ts'
import { S } from '../texts/stores.ts'
import { T } from '../texts.ts'

/** What failed for good over all platforms, by its cause: what is at stake, how to cure it, and sending it again. */
export const DeadPage = () => {
  const { shop } = useOutletContext<ShopContext>()
  const causes = useDeadCauses(shop)
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          {S.deadTitle}
        </Title>
        <Text c="dimmed">{S.deadHelp}</Text>
      </div>
      {causes.isPending ? <Waiting /> : null}
      {causes.isError ? <Trouble error={causes.error} retry={() => void causes.refetch()} /> : null}
      {causes.data?.length === 0 ? <Invitation title={S.deadNone} help={S.deadNoneHelp} /> : null}
      {(causes.data ?? []).map((cause) => (
        <Cause key={`${cause.outcome} ${cause.code} ${cause.message}`} shop={shop} cause={cause} />
      ))}
    </Stack>
  )
}

const Cause = ({ shop, cause }: { readonly shop: string; readonly cause: DeadCause }) => {
  const { outcome, explained, code, message, count, value, currency, more, at, places } = cause
  const replays = useReplays(shop)
  const [sure, setSure] = useState(false)
  // Nobody knows whether the platform has them, so who sends them again has to say so.
  const unsure = outcome === 'ambiguous'
  const again = places.filter((place) => place.again)
  const said = [
    T.deadGroup(count),
    value === undefined ? undefined : T.atStake(money(value, currency), more),
    moment(at),
  ]
  return (
    <section className="card" aria-label={message ?? reason(explained)}>
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4">
            {message ?? reason(explained)}
          </Title>
          <Text size="sm" c="dimmed">
            {[...said, code].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <ul className="rows">
          {places.map(({ connection, destination, account, count: own, newest }) => (
            <li key={connection}>
              <span>{S.at([destination.name, account].filter(Boolean).join(' '), own)}</span>
              <Group gap="md" wrap="nowrap">
                <Anchor component={Link} to={`/s/${shop}/events/${newest}`} size="sm">
                  {T.example}
                </Anchor>
                <Anchor component={Link} to={`/s/${shop}/connections/${connection}`} size="sm">
                  {S.fixAt(destination.name)}
                </Anchor>
              </Group>
            </li>
          ))}
        </ul>
        {unsure ? (
          <Checkbox label={T.sure} checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
        ) : null}
        {again.length === 0 ? null : (
          <Button
            w="fit-content"
            variant="default"
            leftSection={<IconSend size={16} aria-hidden />}
            loading={replays.isPending}
            disabled={unsure && !sure}
            onClick={() =>
              replays.mutate(
                again.map(({ connection }) => ({
                  connection,
                  replay: {
                    outcomes: [outcome],
                    sure,
                    ...(code === undefined ? {} : { code }),
                    ...(message === undefined ? {} : { message }),
                  },
                })),
              )
            }
          >
            {S.sendAgain(again.reduce((sum, place) => sum + place.count, 0))}
          </Button>
        )}
        {replays.isSuccess ? <Told state="delivered">{S.begun(replays.data)}</Told> : null}
        {replays.isError ? <Told state="dead">{replays.error.message}</Told> : null}
      </Stack>
    </section>
  )
}
