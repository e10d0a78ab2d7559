import { Stack, Title } from '@mantine/core'
import { useOutletContext } from 'react-router'
import { useOverview, useRecentEvents } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { NoEvents } from '../parts/empty.tsx'
import { RecentEvents } from '../parts/recent-events.tsx'
import { N } from '../texts/navigation.ts'

/** What happened in the shop, newest first. */
export const EventsPage = () => {
  const { shop, setup } = useOutletContext<ShopContext>()
  const overview = useOverview(shop)
  const events = useRecentEvents(shop)
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {N.events}
      </Title>
      {events.data?.pages[0]?.length === 0 ? (
        <NoEvents setup={setup} />
      ) : (
        <RecentEvents shop={shop} connections={overview.data?.connections.length ?? 0} />
      )}
    </Stack>
  )
}
