import { Accordion } from '@mantine/core'
import { useState } from 'react'
import type { ConnectionOverview } from '../api.ts'
import { T } from '../texts.ts'
import { ConnectionDetails } from './connection-details.tsx'
import { ConnectionRow, deadOf, inTrouble } from './connection-row.tsx'

/** One line for each platform, which opens its details: those in trouble come first, and open by themselves. */
export const ConnectionList = ({
  shop,
  connections,
  order = 3,
}: {
  readonly shop: string
  readonly connections: readonly ConnectionOverview[]
  /** Of the platforms' headings. */
  readonly order?: 2 | 3
}) => {
  /** What the person opened or closed stays so, whatever happens to the connection. */
  const [chosen, choose] = useState<Readonly<Record<string, boolean>>>({})
  const open = connections
    .filter((connection) => chosen[connection.id] ?? (connections.length === 1 || inTrouble(connection)))
    .map(({ id }) => String(id))
  return (
    <Accordion
      multiple
      order={order}
      variant="separated"
      transitionDuration={0}
      classNames={{ item: 'platform', content: 'platform-content' }}
      value={open}
      onChange={(now) =>
        choose({ ...chosen, ...Object.fromEntries(connections.map(({ id }) => [id, now.includes(String(id))])) })
      }
    >
      {connections
        .toSorted((a, b) => urgency(a) - urgency(b) || a.id - b.id)
        .map((connection) => (
          <Accordion.Item
            key={connection.id}
            value={String(connection.id)}
            role="region"
            aria-label={T.connection(connection.destination.name, connection.id)}
          >
            <Accordion.Control>
              <ConnectionRow connection={connection} />
            </Accordion.Control>
            <Accordion.Panel role="group">
              <ConnectionDetails shop={shop} connection={connection} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
    </Accordion>
  )
}

/** Lower comes first. */
const urgency = (connection: ConnectionOverview): number =>
  connection.state === 'needs_auth' ? 0 : inTrouble(connection) ? 1 : deadOf(connection) > 0 ? 2 : 3
