import { Button, Group, Stack, Text } from '@mantine/core'
import { type DataRequest, useDownload } from '../api.ts'
import { fullMoment, moment, number } from '../format.ts'
import { R } from '../texts/requests.ts'
import { Told } from './told.tsx'

/** What was asked, with what was done about it. */
export const RequestList = ({
  shop,
  requests,
}: {
  readonly shop: string
  readonly requests: readonly DataRequest[]
}) => (
  <ul className="causes">
    {requests.map((request) => (
      <li key={`${request.state} ${request.key}`}>
        <Stack gap={6}>
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600}>
              {(request.by === 'shopify' ? R.kinds : R.kindsByMerchant)[request.kind]}
            </Text>
            <Text size="sm" c="dimmed">
              {[R.asked(moment(request.askedAt)), request.state === 'done' ? R.done(moment(request.doneAt)) : undefined]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          </Group>
          {request.state === 'open' ? (
            <Text size="sm">{R.open}</Text>
          ) : request.kind === 'customer_data' ? (
            <Answer shop={shop} request={request} />
          ) : (
            <Certificate request={request} />
          )}
        </Stack>
      </li>
    ))}
  </ul>
)

type Done = Extract<DataRequest, { state: 'done' }>

const Answer = ({ shop, request: { key, until } }: { readonly shop: string; readonly request: Done }) => {
  const download = useDownload(shop)
  if (until === undefined || until < Date.now()) return null
  return (
    <>
      <Text size="sm" c="dimmed">
        {R.downloadHelp(moment(until))}
      </Text>
      <Button
        size="xs"
        variant="default"
        w="fit-content"
        loading={download.isPending}
        onClick={() => download.mutate(key)}
      >
        {R.download}
      </Button>
      {download.isError ? <Told state="dead">{download.error.message}</Told> : null}
    </>
  )
}

const Certificate = ({ request: { key, keys = 0, found, events = 0, before, doneAt } }: { readonly request: Done }) => (
  <details>
    <summary>{R.certificate}</summary>
    <Stack gap={4} mt={6}>
      <Text size="sm" fw={600}>
        {fullMoment(doneAt)}
      </Text>
      <Text size="sm">
        {found
          ? R.certificateOf.person(number(keys), number(found.events), number(found.orders))
          : before === undefined
            ? R.certificateOf.shop(number(events))
            : R.certificateOf.past(number(events), fullMoment(before))}
      </Text>
      {found ? (
        <Text size="sm">{found.sentTo.length > 0 ? R.sentTo(found.sentTo.join(', ')) : R.sentToNobody}</Text>
      ) : null}
      <Text size="sm" c="dimmed">
        {R.reference(key)}
      </Text>
    </Stack>
  </details>
)
