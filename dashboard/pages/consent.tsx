import { Stack, Table, Text, Title } from '@mantine/core'
import { useOutletContext } from 'react-router'
import { type ConsentView, useConsent } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { number } from '../format.ts'
import { ConsentForm } from '../parts/consent-form.tsx'
import { Trouble, Waiting } from '../parts/empty.tsx'
import { Section } from '../parts/section.tsx'
import { regionName } from '../regions.ts'
import { C } from '../texts/consent.ts'

/** What happens in which region, in plain words, and the shop's choice about it. */
export const ConsentPage = () => {
  const { shop } = useOutletContext<ShopContext>()
  const consent = useConsent(shop)
  if (consent.isPending) return <Waiting />
  if (consent.isError) return <Trouble error={consent.error} retry={() => void consent.refetch()} />
  const { data } = consent
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          {C.title}
        </Title>
        <Text c="dimmed" mt={4}>
          {C.lead}
        </Text>
      </div>
      <Section title={C.policy} help={C.policyHelp}>
        <ConsentForm shop={shop} consent={data} />
      </Section>
      <Section title={C.outcome}>
        <Regions requiredIn={data.requiredIn} />
      </Section>
      <Section title={C.platforms}>
        {data.platforms.length === 0 ? <Text c="dimmed">{C.noPlatforms}</Text> : <Platforms consent={data} />}
      </Section>
    </Stack>
  )
}

const Regions = ({ requiredIn }: { readonly requiredIn: readonly string[] }) => {
  const everywhere = requiredIn.includes('*')
  const rows = [
    [C.answers.yes, C.sent, C.sent],
    [C.answers.no, C.notSent, C.notSent],
    [C.answers.optOut, C.limited, C.limited],
    [C.answers.unknown, C.unknownHeld, C.sent],
  ] as const
  return (
    <Stack gap="sm">
      <Table verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{C.answer}</Table.Th>
            <Table.Th scope="col">{everywhere ? C.anywhere : C.asked}</Table.Th>
            {everywhere ? null : <Table.Th scope="col">{C.elsewhere}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([answer, asked, elsewhere]) => (
            <Table.Tr key={answer}>
              <Table.Th scope="row" fw={500}>
                {answer}
              </Table.Th>
              <Table.Td>{asked}</Table.Td>
              {everywhere ? null : <Table.Td>{elsewhere}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {everywhere ? null : (
        <Text size="sm">
          {requiredIn.length === 0 ? C.askedNowhere : C.askedIn(requiredIn.map(regionName).sort().join(', '))}{' '}
          {C.noRegion}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {C.pixelNote}
      </Text>
    </Stack>
  )
}

const Platforms = ({ consent: { platforms } }: { readonly consent: ConsentView }) => (
  <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
    <Table verticalSpacing={8}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{C.platform}</Table.Th>
          <Table.Th scope="col">{C.needs}</Table.Th>
          <Table.Th scope="col">{C.afterOptOut}</Table.Th>
          <Table.Th scope="col">{C.heldBack}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {platforms.map(({ connection, name, account, purposes, limitedUse, heldBack }) => (
          <Table.Tr key={connection}>
            <Table.Th scope="row" fw={500}>
              {name}{' '}
              {account === undefined ? null : (
                <Text span size="xs" c="dimmed">
                  {account}
                </Text>
              )}
            </Table.Th>
            <Table.Td>{purposes.map((purpose) => C.purposes[purpose]).join(', ')}</Table.Td>
            <Table.Td>{limitedUse ? C.limitedUse : C.nothingTold}</Table.Td>
            <Table.Td>
              {heldBack.length === 0
                ? C.none
                : heldBack.map(({ outcome, explained, count }) => (
                    <div key={outcome}>
                      <b>{number(count)}</b> {explained}
                    </div>
                  ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
)
