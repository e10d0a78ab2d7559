import { Anchor, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import { money, number, reason } from '../format.ts'
import type { PlatformToday, Today } from '../queries/figures.ts'
import { H } from '../texts/home.ts'
import { byUrgency, Light } from './light.tsx'
import { PlatformMark } from './platform-mark.tsx'
import { Section } from './section.tsx'

/** Each platform with its light, and where today's orders are with it. */
export const OrdersToday = ({ shop, today }: { readonly shop: string; readonly today: Today }) => (
  <Section title={H.platformsToday}>
    <ul className="causes">
      {today.platforms.toSorted(byUrgency).map((platform) => (
        <li key={platform.connection}>
          <Line shop={shop} today={today} platform={platform} />
        </li>
      ))}
    </ul>
  </Section>
)

const Line = ({
  shop,
  today: { orders, currency },
  platform,
}: {
  readonly shop: string
  readonly today: Today
  readonly platform: PlatformToday
}) => {
  const { connection, destination, account, light, trouble, delivered, waiting, missing, reasons, recovered } = platform
  const said = [
    H.delivered(delivered.count, money(delivered.value, currency)),
    waiting > 0 ? H.waits(waiting) : undefined,
    ...reasons.map(({ explained, count }) => `${number(count)}: ${reason(explained)}`),
    recovered.count > 0 ? H.recoveredShort[recovered.by](recovered.count) : undefined,
  ]
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <PlatformMark {...destination} />
      <div className="grow">
        <Group justify="space-between" gap="xs">
          <Anchor component={Link} to={`/s/${shop}/connections/${connection}`} fw={650} c="inherit">
            {destination.name}
            {account === undefined ? null : (
              <Text span size="sm" c="dimmed" fw={400}>
                {' '}
                {account}
              </Text>
            )}
          </Anchor>
          <Light light={light} />
        </Group>
        {trouble === undefined ? null : <Text size="sm">{trouble}</Text>}
        {missing > 0 ? (
          <Text size="sm" fw={600} className="danger">
            {H.missing(missing)}
          </Text>
        ) : null}
        {orders.count === 0 ? null : (
          <Text size="sm" c="dimmed">
            {said.filter(Boolean).join(' · ')}
          </Text>
        )}
      </div>
    </Group>
  )
}
