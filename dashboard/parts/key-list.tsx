import { Button, Code, Group, Modal, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { type ApiKey, useRevokeKey } from '../api.ts'
import { moment } from '../format.ts'
import { K } from '../texts/keys.ts'
import { Told } from './told.tsx'

/** The keys that there are, without their texts. */
export const KeyList = ({ shop, keys }: { readonly shop: string; readonly keys: readonly ApiKey[] }) => {
  const [leaving, setLeaving] = useState<ApiKey>()
  return (
    <>
      <Table.ScrollContainer minWidth={460} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{K.kind}</Table.Th>
              <Table.Th scope="col">{K.ends}</Table.Th>
              <Table.Th scope="col">{K.createdOn}</Table.Th>
              <Table.Th scope="col">{K.usedOn}</Table.Th>
              <Table.Th scope="col">
                <VisuallyHidden>{K.actions}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Th scope="row" fw={500}>
                  {K.kinds[key.kind]}
                </Table.Th>
                <Table.Td>
                  <Code>…{key.last}</Code>
                </Table.Td>
                <Table.Td>{moment(key.createdAt)}</Table.Td>
                <Table.Td>{key.usedOn ?? K.neverUsed}</Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={K.revokeKey(K.kinds[key.kind], key.last)}
                    onClick={() => setLeaving(key)}
                  >
                    {K.revoke}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Modal
        centered
        closeButtonProps={{ 'aria-label': K.keep }}
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={K.revokeTitle(leaving?.last ?? '')}
      >
        {leaving ? <Revoke shop={shop} id={leaving.id} done={() => setLeaving(undefined)} /> : null}
      </Modal>
    </>
  )
}

const Revoke = ({ shop, id, done }: { readonly shop: string; readonly id: string; readonly done: () => void }) => {
  const revoke = useRevokeKey(shop)
  return (
    <Stack gap="md">
      <Text size="sm">{K.revokeHelp}</Text>
      {revoke.isError ? <Told state="dead">{revoke.error.message}</Told> : null}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={done}>
          {K.keep}
        </Button>
        <Button color="red.8" loading={revoke.isPending} onClick={() => revoke.mutate(id, { onSuccess: done })}>
          {K.revoke}
        </Button>
      </Group>
    </Stack>
  )
}
