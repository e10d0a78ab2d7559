import { Anchor, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { type DeadGroup, useBegin, useDead } from '../api.ts'
import { moment, money, reason } from '../format.ts'
import { T } from '../texts.ts'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

/** What failed, by its cause, with what is at stake; and the button that sends it again. */
export const DeadLetters = ({ shop, id }: { readonly shop: string; readonly id: string }) => {
  const dead = useDead(shop, id)
  const all = useBegin(shop, id)
  const groups = dead.data ?? []
  const safe = groups.filter((group) => !mayBeThere(group))
  return (
    <Section title={T.deadTitle} help={T.deadHelp}>
      {dead.isError ? <Told state="dead">{dead.error.message}</Told> : null}
      {dead.data && groups.length === 0 ? <Text size="sm">{T.noDead}</Text> : null}
      <ul className="causes">
        {groups.map((group) => (
          <Cause key={`${group.outcome} ${group.code} ${group.message}`} shop={shop} id={id} group={group} />
        ))}
      </ul>
      {safe.length > 1 ? (
        <Stack gap="xs" mt="sm">
          <Button
            w="fit-content"
            loading={all.isPending}
            onClick={() => all.mutate({ outcomes: [...new Set(safe.map(({ outcome }) => outcome))] })}
          >
            {T.sendAllAgain}
          </Button>
          {all.isError ? <Told state="dead">{all.error.message}</Told> : null}
        </Stack>
      ) : null}
    </Section>
  )
}

/** Nobody knows whether the platform has them, so who sends them again has to say so. */
const mayBeThere = ({ outcome }: DeadGroup): boolean => outcome === 'ambiguous'

const Cause = ({ shop, id, group }: { readonly shop: string; readonly id: string; readonly group: DeadGroup }) => {
  const begin = useBegin(shop, id)
  const [sure, setSure] = useState(false)
  const unsure = mayBeThere(group)
  const { outcome, code, message, explained, count, value, currency, more, newest, at } = group
  const said = [
    T.deadGroup(count),
    value === undefined ? undefined : T.atStake(money(value, currency), more),
    moment(at),
  ]
  return (
    <li>
      <Text size="sm" fw={600}>
        {message ?? reason(explained)}
        {code === undefined ? null : (
          <Text span size="xs" fw={400} c="dimmed">
            {' '}
            {code}
          </Text>
        )}
      </Text>
      <Text size="sm" c="dimmed">
        {said.filter(Boolean).join(' · ')}
      </Text>
      {unsure ? (
        <Checkbox
          mt={6}
          size="sm"
          label={T.sure}
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
        />
      ) : null}
      <Group gap="sm" mt={6}>
        <Button
          size="xs"
          variant="default"
          loading={begin.isPending}
          disabled={unsure && !sure}
          onClick={() =>
            begin.mutate({
              outcomes: [outcome],
              sure,
              ...(code === undefined ? {} : { code }),
              ...(message === undefined ? {} : { message }),
            })
          }
        >
          {T.sendGroupAgain(count)}
        </Button>
        <Anchor component={Link} to={`/s/${shop}/events/${newest}`} size="sm">
          {T.example}
        </Anchor>
      </Group>
      {begin.isError ? <Told state="dead">{begin.error.message}</Told> : null}
    </li>
  )
}
