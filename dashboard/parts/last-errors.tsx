import { Button, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { ConnectionOverview } from '../api.ts'
import { moment, sentenceOf } from '../format.ts'
import { H } from '../texts/home.ts'
import { T } from '../texts.ts'
import { Section } from './section.tsx'

const SHOWN = 4

/** What platforms last refused, in their own sentence, with the way to mend it. */
export const LastErrors = ({
  shop,
  connections,
}: {
  readonly shop: string
  readonly connections: readonly ConnectionOverview[]
}) => {
  const errors = connections
    .flatMap(({ id, destination, trouble, lastTrouble }) =>
      lastTrouble || trouble ? [{ id, destination, trouble, lastTrouble, at: lastTrouble?.at ?? 0 }] : [],
    )
    .toSorted((a, b) => b.at - a.at)
    .slice(0, SHOWN)
  return (
    <Section title={H.errors}>
      {errors.length === 0 ? <Text size="sm">{H.noErrors}</Text> : null}
      <ul className="causes">
        {errors.map(({ id, destination, trouble, lastTrouble }) => (
          <li key={id}>
            <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
              <div className="grow">
                <Text size="sm" fw={600}>
                  {destination.name}
                </Text>
                <Text size="sm" lineClamp={3}>
                  {trouble ?? sentenceOf(lastTrouble?.answer ?? '')}
                </Text>
                {lastTrouble ? (
                  <Text size="xs" c="dimmed">
                    {moment(lastTrouble.at)} · {lastTrouble.status === 0 ? T.noAnswer : T.status(lastTrouble.status)}
                  </Text>
                ) : null}
              </div>
              <Button component={Link} to={`/s/${shop}/connections/${id}`} size="xs" variant="default">
                {H.fix}
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </Section>
  )
}
