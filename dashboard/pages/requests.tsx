import { Stack, Text, Title } from '@mantine/core'
import { useOutletContext } from 'react-router'
import { useRequests } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { AskByHand } from '../parts/ask-by-hand.tsx'
import { Trouble, Waiting } from '../parts/empty.tsx'
import { RequestList } from '../parts/request-list.tsx'
import { R } from '../texts/requests.ts'

/** What customers and the store asked for, and asking it by hand. */
export const RequestsPage = () => {
  const { shop } = useOutletContext<ShopContext>()
  const requests = useRequests(shop)
  if (requests.isPending) return <Waiting />
  if (requests.isError) return <Trouble error={requests.error} retry={() => void requests.refetch()} />
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          {R.title}
        </Title>
        <Text c="dimmed" maw={720}>
          {R.help}
        </Text>
      </div>
      <section className="card" aria-label={R.title}>
        {requests.data.length === 0 ? (
          <Text size="sm">{R.none}</Text>
        ) : (
          <RequestList shop={shop} requests={requests.data} />
        )}
      </section>
      <AskByHand shop={shop} />
    </Stack>
  )
}
