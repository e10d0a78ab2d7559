import { Code, Group, Stack, Text, Title } from '@mantine/core'
import { useOutletContext } from 'react-router'
import { useKeys } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { CopyText } from '../parts/copy-text.tsx'
import { Trouble, Waiting } from '../parts/empty.tsx'
import { KeyList } from '../parts/key-list.tsx'
import { NewKey } from '../parts/new-key.tsx'
import { Section } from '../parts/section.tsx'
import { K } from '../texts/keys.ts'

/** The keys with which a store's own servers and pages send events. */
export const KeysPage = () => {
  const { shop, setup } = useOutletContext<ShopContext>()
  const keys = useKeys(shop)
  if (keys.isPending) return <Waiting />
  if (keys.isError) return <Trouble error={keys.error} retry={() => void keys.refetch()} />
  const host = setup.capture.track
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          {K.title}
        </Title>
        <Text c="dimmed" mt={4}>
          {K.lead}
        </Text>
        <Text size="sm" mt="sm" mb={4}>
          {K.host}
        </Text>
        <Group gap="sm">
          <Code fz="sm">{host}</Code>
          <CopyText text={host} />
        </Group>
      </div>
      <Section title={K.create} help={K.createHelp}>
        <NewKey shop={shop} />
      </Section>
      <Section title={K.keys}>
        {keys.data.length === 0 ? <Text c="dimmed">{K.none}</Text> : <KeyList shop={shop} keys={keys.data} />}
      </Section>
    </Stack>
  )
}
