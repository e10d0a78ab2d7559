import { Anchor, Stack, Table, Text } from '@mantine/core'
import { Link } from 'react-router'
import { duration, lagClass, moment, number, sentenceOf, share } from '../format.ts'
import { type Course, useCourse, useMatchQuality } from '../queries/figures.ts'
import { P } from '../texts/platform.ts'
import { Q } from '../texts/quality.ts'
import { eventLabel, STATE_LABELS, T } from '../texts.ts'
import { CourseChart } from './course-chart.tsx'
import { Waiting } from './empty.tsx'
import { Grade } from './grade.tsx'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

/** How it went with a platform over the last days, and how the line to it stands. */
export const CourseSections = ({ shop, id }: { readonly shop: string; readonly id: string }) => {
  const course = useCourse(shop, id)
  if (course.isError) return <Told state="dead">{course.error.message}</Told>
  if (!course.data) return <Waiting />
  const { days, events, lags } = course.data
  const any = events.length > 0
  return (
    <>
      <Section title={P.course(days.length)} help={P.courseHelp}>
        {any ? <CourseChart days={days} /> : <Text size="sm">{P.noCourse}</Text>}
      </Section>
      <div className="halves">
        <Stack>
          {any ? <ByEvent events={events} /> : null}
          <Answers answers={course.data.answers} />
        </Stack>
        <Stack>
          <Quality shop={shop} id={id} />
          <Lags lags={lags} />
          <Line course={course.data} />
        </Stack>
      </div>
    </>
  )
}

const STATES = ['delivered', 'skipped', 'waiting', 'dead'] as const

const ByEvent = ({ events }: { readonly events: Course['events'] }) => (
  <Section title={P.byEvent}>
    {/* Reachable by keyboard, because it scrolls where it is narrow. */}
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
    <section className="scrolls" aria-label={P.byEvent} tabIndex={0}>
      <Table miw={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{P.event}</Table.Th>
            {STATES.map((state) => (
              <Table.Th key={state} ta="right">
                {STATE_LABELS[state]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <Table.Tr key={event.name}>
              <Table.Td>
                {eventLabel(event.name)}
                {event.platformName === undefined ? null : (
                  <Text size="xs" c="dimmed">
                    {event.platformName}
                  </Text>
                )}
              </Table.Td>
              {STATES.map((state) => (
                <Table.Td key={state} ta="right" className="numbers">
                  {number(event[state])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  </Section>
)

const Answers = ({ answers }: { readonly answers: Course['answers'] }) => (
  <Section title={P.answers}>
    {answers.length === 0 ? <Text size="sm">{P.answersNone}</Text> : null}
    <ul className="causes">
      {answers.map(({ at, ms, status, events, refused, answer }) => (
        <li key={`${at} ${ms} ${events}`}>
          <Text size="sm">
            <b>{status === 0 ? T.noAnswer : T.status(status)}</b> · {moment(at)} · {number(ms)} ms · {T.events(events)}
            {refused > 0 ? ` · ${P.refused(refused)}` : ''}
          </Text>
          {status >= 200 && status < 300 && refused === 0 ? null : (
            <Text size="sm" c="dimmed" lineClamp={2}>
              {sentenceOf(answer)}
            </Text>
          )}
        </li>
      ))}
    </ul>
  </Section>
)

const Quality = ({ shop, id }: { readonly shop: string; readonly id: string }) => {
  const quality = useMatchQuality(shop)
  const own = quality.data?.platforms.find(({ connection }) => String(connection) === id)
  return (
    <Section title={P.quality}>
      <Stack gap={6}>
        {own === undefined || own.sent === 0 ? (
          <Text size="sm">{Q.nothingSent}</Text>
        ) : (
          <Text size="sm">
            {Q.estimate}: <b className="numbers">{share(own.estimate)}</b>{' '}
            {quality.data ? <Grade estimate={own.estimate} marks={quality.data.marks} /> : null}
          </Text>
        )}
        <Anchor component={Link} to={`/s/${shop}/match-quality?connection=${id}`} size="sm" underline="always">
          {P.qualityOpen}
        </Anchor>
      </Stack>
    </Section>
  )
}

const Lags = ({ lags }: { readonly lags: Course['lags'] }) => {
  const all = lags.reduce((sum, { count }) => sum + count, 0)
  return (
    <Section title={P.lag}>
      {all === 0 ? <Text size="sm">{P.lagNone}</Text> : null}
      <ul className="rows">
        {lags
          .filter(({ count }) => count > 0)
          .map(({ within, count }) => (
            <li key={within}>
              <span>{lagClass(within)}</span>
              <b className="numbers">{share(count / all)}</b>
            </li>
          ))}
      </ul>
    </Section>
  )
}

/** Whether requests go through, and within what limits. */
const Line = ({ course: { limits, pausedUntil, failures, oldestWaits } }: { readonly course: Course }) => {
  const rows = [
    [P.oldest, oldestWaits === undefined ? P.none : moment(oldestWaits)],
    [P.batch, number(limits.batch)],
    [P.rate, `${number(limits.perSecond)} ${P.scopes[limits.scope]}`],
    [P.inFlight, number(limits.inFlight)],
    [P.maxAge, duration(limits.maxAge)],
  ] as const
  return (
    <Section title={P.line}>
      {pausedUntil === undefined ? (
        <Told state="delivered">{P.flows}</Told>
      ) : (
        <Told state="waiting">{P.pausedUntil(moment(pausedUntil), failures)}</Told>
      )}
      <Text size="sm" fw={600} mt="sm" mb={2}>
        {P.limits}
      </Text>
      <ul className="rows">
        {rows.map(([label, value]) => (
          <li key={label}>
            <span>{label}</span>
            <b className="row-value">{value}</b>
          </li>
        ))}
      </ul>
    </Section>
  )
}
