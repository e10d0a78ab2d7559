import { Accordion, Group, NavLink, Progress, Stack, Table, Text, Title } from '@mantine/core'
import { Link, useOutletContext, useSearchParams } from 'react-router'
import type { ShopContext } from '../app.tsx'
import { number, share } from '../format.ts'
import { Invitation, Trouble, Waiting } from '../parts/empty.tsx'
import { Grade } from '../parts/grade.tsx'
import { PlatformMark } from '../parts/platform-mark.tsx'
import { Section } from '../parts/section.tsx'
import { Trend } from '../parts/trend.tsx'
import { type EventQuality, type MatchQuality, type PlatformQuality, useMatchQuality } from '../queries/figures.ts'
import { Q } from '../texts/quality.ts'
import { eventLabel, T } from '../texts.ts'

/** How well each platform can find the people behind what it was sent, and what would raise that most. */
export const MatchQualityPage = () => {
  const { shop } = useOutletContext<ShopContext>()
  const quality = useMatchQuality(shop)
  const [params] = useSearchParams()
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          {Q.title}
        </Title>
        {quality.data ? (
          <Text c="dimmed" maw={820}>
            {Q.help(quality.data.days)}
          </Text>
        ) : null}
      </div>
      {quality.isPending ? <Waiting /> : null}
      {quality.isError ? <Trouble error={quality.error} retry={() => void quality.refetch()} /> : null}
      {quality.data ? <Platforms shop={shop} quality={quality.data} wanted={params.get('connection')} /> : null}
    </Stack>
  )
}

const Platforms = ({
  shop,
  quality,
  wanted,
}: {
  readonly shop: string
  readonly quality: MatchQuality
  readonly wanted: string | null
}) => {
  const { platforms, marks } = quality
  const shown =
    platforms.find(({ connection }) => String(connection) === wanted) ??
    platforms.find(({ sent }) => sent > 0) ??
    platforms[0]
  if (!shown) return <Invitation title={Q.nothing} help={Q.nothingHelp} />
  return (
    <div className="overview">
      <nav className="card choices" aria-label={T.platforms}>
        {platforms.map((one) => (
          <NavLink
            key={one.connection}
            component={Link}
            to={`/s/${shop}/match-quality?connection=${one.connection}`}
            active={one === shown}
            aria-current={one === shown ? 'page' : undefined}
            className="side-link"
            label={one.destination.name}
            description={one.account}
            leftSection={<PlatformMark {...one.destination} />}
            rightSection={<b className="numbers">{one.sent === 0 ? '–' : share(one.estimate)}</b>}
          />
        ))}
      </nav>
      <Stack gap="lg" miw={0}>
        <Platform platform={shown} marks={marks} />
        <details>
          <summary>{Q.formula}</summary>
          <Text size="sm" mt="xs" maw={720}>
            {Q.formulaText} {Q.marksText} {Q.source(shown.source)}
          </Text>
        </details>
      </Stack>
    </div>
  )
}

const Platform = ({
  platform,
  marks,
}: {
  readonly platform: PlatformQuality
  readonly marks: MatchQuality['marks']
}) => {
  const { destination, sent, estimate, trend, events } = platform
  if (sent === 0) return <Invitation title={destination.name} help={Q.nothingSent} />
  return (
    <>
      <Section title={destination.name}>
        <Group gap="sm" align="center" mb="sm">
          <Text className="numbers" fz={34} fw={700} lh={1.2}>
            {share(estimate)}
          </Text>
          <div>
            <Grade estimate={estimate} marks={marks} />
            <Text size="sm" c="dimmed">
              {Q.estimate} · {T.events(sent)}
            </Text>
          </div>
        </Group>
        <Trend trend={trend} marks={marks} />
      </Section>
      <Best events={events} />
      <section aria-label={Q.events}>
        <Accordion
          key={platform.connection}
          multiple
          order={2}
          variant="separated"
          transitionDuration={0}
          classNames={{ item: 'platform', content: 'platform-content' }}
          defaultValue={['order_placed']}
        >
          {events.toReversed().map((event) => (
            <Event key={event.name} event={event} marks={marks} />
          ))}
        </Accordion>
      </section>
    </>
  )
}

const MOST_ADVICE = 3

/** Of what is missing, what weighs most: purchases first, then what would raise the estimate by most. */
const Best = ({ events }: { readonly events: readonly EventQuality[] }) => {
  const purchase = events.find(({ name }) => name === 'order_placed' || name === 'order_paid')
  const all = (purchase ? [purchase] : events)
    .flatMap((event) => event.gains.map((gain) => ({ ...gain, event })))
    .toSorted((a, b) => b.gain - a.gain)
    .slice(0, MOST_ADVICE)
  return (
    <Section title={Q.best}>
      {all.length === 0 ? <Text size="sm">{Q.nothingMissing}</Text> : null}
      <ol className="causes">
        {all.map(({ event, kind, missing, gain }) => (
          <li key={`${event.name} ${kind}`}>
            <Text size="sm" fw={600}>
              {Q.missing(Q.kinds[kind], share(missing), eventLabel(event.name))}{' '}
              <Text span size="sm" c="dimmed" fw={400}>
                {Q.gain(number(Math.round(100 * gain)))}
              </Text>
            </Text>
            <Text size="sm" c="dimmed">
              {Q.how[kind]}
            </Text>
          </li>
        ))}
      </ol>
    </Section>
  )
}

/** One event in a line, which opens the share of each identifier. */
const Event = ({ event, marks }: { readonly event: EventQuality; readonly marks: MatchQuality['marks'] }) => (
  <Accordion.Item value={event.name}>
    <Accordion.Control>
      <span className="spread">
        <span>
          <Text span fw={650} display="block" lh={1.25}>
            {eventLabel(event.name)}
          </Text>
          <Text span size="sm" c="dimmed" display="block">
            {[event.platformName, T.events(event.sent)].filter(Boolean).join(' · ')}
          </Text>
        </span>
        <span className="marked">
          <b className="numbers">{share(event.estimate)}</b>
          <Grade estimate={event.estimate} marks={marks} />
        </span>
      </span>
    </Accordion.Control>
    <Accordion.Panel>
      <Table verticalSpacing={5} aria-label={Q.identifiers}>
        <Table.Tbody>
          {event.identifiers.map(({ name, kind, tier, share: own }) => (
            <Table.Tr key={name}>
              <Table.Td>
                {Q.kinds[kind]}{' '}
                <Text span size="xs" c="dimmed">
                  {name} · {Q.tiers[tier]}
                </Text>
              </Table.Td>
              <Table.Td w="30%">
                <Progress value={100 * own} color="var(--bar)" aria-label={`${name}: ${Q.share(share(own))}`} />
              </Table.Td>
              <Table.Td w={64} ta="right" className="numbers">
                {share(own)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Accordion.Panel>
  </Accordion.Item>
)
