import { Anchor, Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import { IconArrowLeft, IconBroadcast, IconFileDescription, IconSend } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link, useOutletContext, useParams } from 'react-router'
import { type DeliveryStory, type OutcomeState, type Story, useBegin, useStory } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { fullMoment, indented, moment } from '../format.ts'
import { CopyAsCurl } from '../parts/copy-as-curl.tsx'
import { Document } from '../parts/document.tsx'
import { Trouble, Waiting } from '../parts/empty.tsx'
import { EventTimeline } from '../parts/event-timeline.tsx'
import { StateIcon, StatePill } from '../parts/pill.tsx'
import { Told } from '../parts/told.tsx'
import { eventLabel, sourceLabel, T } from '../texts.ts'

/** One event's story: what arrived, what it means, and for each platform the decision, the request and the answer. */
export const EventPage = () => {
  const { shop, setup } = useOutletContext<ShopContext>()
  const { seq = '' } = useParams()
  const story = useStory(shop, seq)
  return (
    <Stack gap="lg" maw={900} mx="auto">
      <Anchor component={Link} to={`/s/${shop}/events`} size="sm" w="fit-content">
        <Group gap={6}>
          <IconArrowLeft size={16} aria-hidden />
          {T.back}
        </Group>
      </Anchor>
      {story.isPending ? <Waiting /> : null}
      {story.isError ? <Trouble error={story.error} retry={() => void story.refetch()} /> : null}
      {story.data ? <StoryOf shop={shop} story={story.data} sandbox={setup.demo !== null} /> : null}
    </Stack>
  )
}

const StoryOf = ({
  shop,
  story,
  sandbox,
}: {
  readonly shop: string
  readonly story: Story
  /** The sandbox runs, so that requests to it can be tried. */
  readonly sandbox: boolean
}) => (
  <>
    <div>
      <Title order={1} size="h2">
        {eventLabel(story.name)}
      </Title>
      <Text c="dimmed">
        {T.eventNumber(story.seq)} · {fullMoment(story.receivedAt)}
      </Text>
    </div>
    <EventTimeline story={story} />
    <ol className="story">
      <Step icon={<IconBroadcast size={16} />} title={T.arrived}>
        {story.arrived.length === 0 ? <Quiet>{T.noSighting}</Quiet> : null}
        {story.arrived.map((sighting) => (
          <div key={`${sighting.source} ${sighting.topic} ${sighting.at}`}>
            <Text size="sm">
              <b>{sourceLabel(sighting.source)}</b>
              {sighting.topic ? ` · ${sighting.topic}` : ''} · {moment(sighting.at)}
            </Text>
            {sighting.body === undefined ? (
              <Quiet>{T.messageGone}</Quiet>
            ) : (
              <Folded title={T.message} text={sighting.body} />
            )}
          </div>
        ))}
      </Step>
      <Step icon={<IconFileDescription size={16} />} title={T.understood}>
        {story.gone ? <Told state="dead">{T.gone[story.gone]}</Told> : <Quiet>{T.understoodHelp}</Quiet>}
        {story.event === undefined ? null : <Document text={story.event} label={T.understood} />}
        {story.parts.length === 0 ? null : (
          <details>
            <summary>{T.parts(story.parts.length)}</summary>
            <Stack gap="xs" mt="xs">
              {story.parts.map((part) => (
                <div key={`${part.receivedAt} ${part.joined}`}>
                  <Quiet>
                    {part.joined ? T.joinedPart : T.addedPart} · {moment(part.receivedAt)}
                  </Quiet>
                  <Document text={part.event} label={T.addedPart} />
                </div>
              ))}
            </Stack>
          </details>
        )}
      </Step>
      {story.deliveries.length === 0 ? (
        <Step icon={<StateIcon state="skipped" size={16} />} title={T.platforms}>
          <Quiet>{T.noDeliveries}</Quiet>
        </Step>
      ) : null}
      {story.deliveries.map((delivery) => (
        <Delivery
          key={delivery.connection}
          shop={shop}
          seq={story.seq}
          delivery={delivery}
          sandbox={sandbox}
          platformName={story.platformNames[delivery.destination.slug]}
        />
      ))}
    </ol>
  </>
)

const Delivery = ({
  shop,
  seq,
  delivery,
  sandbox,
  platformName,
}: {
  readonly shop: string
  readonly seq: number
  readonly delivery: DeliveryStory
  readonly sandbox: boolean
  readonly platformName: string | null | undefined
}) => {
  const { connection, destination, account, state, outcome, parked, attempts, request } = delivery
  return (
    <Step
      icon={<StateIcon state={state} size={16} />}
      state={state}
      title={destination.name}
      aside={<StatePill told={delivery} />}
    >
      {account === undefined ? null : <Quiet>{T.accountNamed(account)}</Quiet>}
      <Text size="sm">{delivery.explained}</Text>
      <Quiet>{platformName ? T.calls(destination.name, platformName) : T.noName(destination.name)}</Quiet>
      {parked ? (
        <Told state={parked.kind === 'dead' ? 'dead' : 'waiting'}>
          {[parked.message, parked.kind === 'dead' ? undefined : T.nextTry(moment(parked.due))]
            .filter(Boolean)
            .join(' ')}
          {parked.code === undefined ? null : (
            <Text span size="xs">
              {' '}
              ({parked.code})
            </Text>
          )}
        </Told>
      ) : null}
      {request ? (
        <details>
          <summary>
            {T.request}: {request.method} · {request.exact ? T.exact : T.rendered}
          </summary>
          <Stack gap="xs" mt="xs">
            <Quiet>{request.exact ? T.exactHelp : T.renderedHelp}</Quiet>
            <Text size="sm" ff="monospace">
              {request.method} {request.url}
            </Text>
            {request.headers.map(({ name, value }) => (
              <Text key={name} size="xs" ff="monospace" c="dimmed">
                {name}: {value}
              </Text>
            ))}
            {request.body === undefined ? null : (
              <Document text={request.body} label={`${T.request} ${destination.name}`} />
            )}
            {sandbox ? <CopyAsCurl shop={shop} seq={seq} connection={connection} /> : null}
          </Stack>
        </details>
      ) : null}
      {canGoAgain(outcome) ? <SendOnce shop={shop} connection={connection} seq={seq} outcome={outcome} /> : null}
      {attempts.length === 0 && request ? <Quiet>{state === 'delivered' ? T.noAttempt : T.notSent}</Quiet> : null}
      {attempts.map((attempt) => (
        <div key={attempt.at}>
          <Text size="sm">
            <b>{T.answer}</b> · {moment(attempt.at)} ·{' '}
            {T.attempt(attempt.status === 0 ? T.noAnswer : String(attempt.status), attempt.ms)} ·{' '}
            {T.attemptCounts(attempt.accepted, attempt.refused)}
          </Text>
          {attempt.outOf === undefined ? null : <Quiet>{T.ownAnswer(attempt.outOf)}</Quiet>}
          {attempt.answer === '' ? (
            <Quiet>{T.emptyAnswer}</Quiet>
          ) : (
            <Document text={indented(attempt.answer)} label={`${T.answer} ${destination.name}`} />
          )}
        </div>
      ))}
    </Step>
  )
}

/** What failed, and is not over for good, can be tried once more; and what was only tested can be sent for real. */
const AGAIN = ['rejected', 'ambiguous', 'expired', 'mapper_crash', 'api_version', 'tested'] as const
type Again = (typeof AGAIN)[number]
const canGoAgain = (outcome: DeliveryStory['outcome']): outcome is Again => AGAIN.some((one) => one === outcome)

/** This one event once more, to this one platform. */
const SendOnce = ({
  shop,
  connection,
  seq,
  outcome,
}: {
  readonly shop: string
  readonly connection: number
  readonly seq: number
  readonly outcome: Again
}) => {
  const unsure = outcome === 'ambiguous'
  const begin = useBegin(shop, String(connection))
  const [sure, setSure] = useState(false)
  return (
    <Stack gap="xs">
      {unsure ? (
        <Checkbox label={T.sureOne} checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
      ) : null}
      <Button
        w="fit-content"
        size="xs"
        variant="default"
        leftSection={<IconSend size={15} />}
        loading={begin.isPending}
        disabled={unsure && !sure}
        onClick={() => begin.mutate({ seqs: [seq], outcomes: [outcome], sure })}
      >
        {T.sendAgain}
      </Button>
      {begin.isError ? <Told state="dead">{begin.error.message}</Told> : null}
    </Stack>
  )
}

const Step = ({
  icon,
  title,
  state,
  aside,
  children,
}: {
  readonly icon: ReactNode
  readonly title: string
  readonly state?: OutcomeState
  readonly aside?: ReactNode
  readonly children: ReactNode
}) => (
  <li>
    <span className="step" data-state={state} aria-hidden>
      {icon}
    </span>
    <div className="card">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {title}
        </Title>
        {aside}
      </Group>
      <Stack gap="sm">{children}</Stack>
    </div>
  </li>
)

const Folded = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <details>
    <summary>{title}</summary>
    <Document text={text} label={title} />
  </details>
)

const Quiet = ({ children }: { readonly children: ReactNode }) => (
  <Text size="sm" c="dimmed">
    {children}
  </Text>
)
