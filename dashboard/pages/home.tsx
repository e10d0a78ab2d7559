import { Button, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, useOutletContext } from 'react-router'
import { useOverview } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { CameIn } from '../parts/came-in.tsx'
import { ConnectionList } from '../parts/connection-list.tsx'
import { Addresses, NoConnection, NoEvents, Trouble, Waiting } from '../parts/empty.tsx'
import { T } from '../texts.ts'

/** The first page: what came in, what went out, and the newest events, live. */
export const HomePage = () => {
  const { shop, setup } = useOutletContext<ShopContext>()
  const overview = useOverview(shop)
  if (overview.isPending) return <Waiting />
  if (overview.isError) return <Trouble error={overview.error} retry={() => void overview.refetch()} />
  const { cameIn, connections } = overview.data
  return (
    <Stack gap="lg">
      <VisuallyHidden component="h1">{shop}</VisuallyHidden>
      <div className="overview">
        <CameIn cameIn={cameIn} />
        <section aria-labelledby="platforms">
          <Group justify="space-between" mb="sm" mih={30}>
            <Group gap="xs" align="baseline">
              <Title order={2} size="h4" id="platforms">
                {T.platforms}
              </Title>
              {connections.length > 0 ? (
                <Text size="sm" c="dimmed">
                  {T.lastDay}
                </Text>
              ) : null}
            </Group>
            {connections.length > 0 ? (
              <Button
                component={Link}
                to={`/s/${shop}/connect`}
                size="xs"
                variant="subtle"
                leftSection={<IconPlus size={15} />}
              >
                {T.connectAnother}
              </Button>
            ) : null}
          </Group>
          {connections.length === 0 ? (
            <NoConnection shop={shop} />
          ) : (
            <ConnectionList shop={shop} connections={connections} />
          )}
        </section>
      </div>
      {cameIn.total === 0 ? <NoEvents setup={setup} /> : null}
      <details>
        <summary>{T.addresses}</summary>
        <Stack mt="sm">
          <Addresses capture={setup.capture} />
        </Stack>
      </details>
    </Stack>
  )
}
