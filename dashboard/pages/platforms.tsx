import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, useOutletContext } from 'react-router'
import { useOverview } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { ConnectionList } from '../parts/connection-list.tsx'
import { NoConnection, Trouble, Waiting } from '../parts/empty.tsx'
import { T } from '../texts.ts'

/** Every connected platform in a line, which opens what became of its events in the last 24 hours. */
export const PlatformsPage = () => {
  const { shop } = useOutletContext<ShopContext>()
  const overview = useOverview(shop)
  if (overview.isPending) return <Waiting />
  if (overview.isError) return <Trouble error={overview.error} retry={() => void overview.refetch()} />
  const { connections } = overview.data
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="xs">
        <Group gap="xs" align="baseline">
          <Title order={1} size="h2">
            {T.platforms}
          </Title>
          {connections.length > 0 ? <Text c="dimmed">{T.lastDay}</Text> : null}
        </Group>
        {connections.length > 0 ? (
          <Button component={Link} to={`/s/${shop}/connect`} leftSection={<IconPlus size={16} />}>
            {T.connectAnother}
          </Button>
        ) : null}
      </Group>
      {connections.length === 0 ? (
        <NoConnection shop={shop} />
      ) : (
        <section aria-label={T.platforms}>
          <ConnectionList shop={shop} connections={connections} order={2} />
        </section>
      )}
    </Stack>
  )
}
