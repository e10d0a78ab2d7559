import { Group, Text, Title } from '@mantine/core'
import { Fragment } from 'react'
import type { Overview } from '../api.ts'
import { number } from '../format.ts'
import { eventLabel, T } from '../texts.ts'

/** What came in over the last 24 hours: per hour, and by event name. */
export const CameIn = ({ cameIn }: { readonly cameIn: Overview['cameIn'] }) => {
  const most = Math.max(1, ...cameIn.byName.map(({ count }) => count))
  return (
    <section className="card" aria-labelledby="came-in">
      <Group justify="space-between" align="baseline">
        <Title order={2} size="h4" id="came-in">
          {T.cameIn}
        </Title>
        <Text size="sm" c="dimmed">
          {T.lastDay}
        </Text>
      </Group>
      <Text className="numbers" fz={38} fw={700} lh={1.2} mt={6} lts="-0.02em">
        {number(cameIn.total)}
      </Text>
      <Text size="sm" c="dimmed" mb="md">
        {T.events(cameIn.total).replace(/^\S+ /, '')}
      </Text>
      {cameIn.total === 0 ? (
        <Text size="sm" c="dimmed">
          {T.nothingCameIn}
        </Text>
      ) : (
        <>
          <Hours counts={cameIn.byHour} />
          <div className="bars numbers">
            {cameIn.byName.map(({ name, count }) => (
              <Fragment key={name}>
                <span>{eventLabel(name)}</span>
                <i style={{ width: `${(100 * count) / most}%` }} />
                <Text span size="sm" fw={600} ta="right">
                  {number(count)}
                </Text>
              </Fragment>
            ))}
          </div>
        </>
      )}
    </section>
  )
}

const Hours = ({ counts }: { readonly counts: readonly number[] }) => {
  const most = Math.max(1, ...counts)
  return (
    <div role="img" aria-label={`${T.perHour}: ${counts.join(', ')}`}>
      <div className="hours">
        {counts.map((count, hour) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the row is what a bar is
          <i key={hour} data-some={count > 0} style={{ height: `${(100 * count) / most}%` }} />
        ))}
      </div>
      <Group justify="space-between" mt={4} mb="md">
        <Text size="xs" c="dimmed">
          {T.hourOld}
        </Text>
        <Text size="xs" c="dimmed">
          {T.hourNow}
        </Text>
      </Group>
    </div>
  )
}
