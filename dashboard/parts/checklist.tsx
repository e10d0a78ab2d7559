import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Check } from '../queries/figures.ts'
import { H } from '../texts/home.ts'
import { eventLabel } from '../texts.ts'
import { StateIcon } from './pill.tsx'
import { Section } from './section.tsx'

/** The five mistakes that are made most, each with what is seen of it right now. */
export const Checklist = ({ shop, checks }: { readonly shop: string; readonly checks: readonly Check[] }) => (
  <Section title={H.checks}>
    <ul className="causes">
      {checks.map((check) => {
        const state = check.ok === undefined ? 'skipped' : check.ok ? 'delivered' : 'waiting'
        const word = check.ok === undefined ? H.checkStates.none : check.ok ? H.checkStates.ok : H.checkStates.bad
        const to = check.ok === false ? placeOf(shop, check) : undefined
        return (
          <li key={check.check}>
            <Group gap="sm" align="flex-start" wrap="nowrap">
              <span className="pill" data-state={state} role="img" aria-label={word} title={word}>
                <StateIcon state={state} />
              </span>
              <Stack gap={2}>
                <Text size="sm" fw={600}>
                  {H[check.check].title}
                </Text>
                <Text size="sm" c="dimmed">
                  {told(check)}{' '}
                  {to === undefined ? null : (
                    <Anchor component={Link} to={to} size="sm" underline="always">
                      {H.show}
                    </Anchor>
                  )}
                </Text>
              </Stack>
            </Group>
          </li>
        )
      })}
    </ul>
  </Section>
)

const told = (check: Check): string => {
  switch (check.check) {
    case 'tag':
      return check.ok === undefined ? H.tag.none : check.ok ? H.tag.ok(check.beacons) : H.tag.bad
    case 'identifiers':
      return check.ok === undefined
        ? H.identifiers.none
        : check.ok
          ? H.identifiers.ok
          : H.identifiers.bad(check.without)
    case 'failures':
      return check.ok === false ? H.failures.bad(check.dead) : H.failures.ok
    case 'funnel':
      return check.ok === undefined
        ? H.funnel.none
        : check.ok
          ? H.funnel.ok
          : H.funnel.bad(check.missing.map(eventLabel).join(', '))
    case 'days':
      return check.ok === undefined ? H.days.none : check.ok ? H.days.ok : H.days.bad(check.silent.length)
  }
}

/** Where one sees more of what is wrong. */
const placeOf = (shop: string, { check }: Check): string | undefined =>
  check === 'failures' ? `/s/${shop}/dead` : check === 'identifiers' ? `/s/${shop}/match-quality` : undefined
