import { Button, Code, Group, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type ApiKey, useCreateKey } from '../api.ts'
import { K } from '../texts/keys.ts'
import { CopyText } from './copy-text.tsx'
import { Told } from './told.tsx'

const KINDS = ['secret', 'public'] as const satisfies readonly ApiKey['kind'][]

/** Makes a key, and shows it until the person has it: nobody can ask for it again. */
export const NewKey = ({ shop }: { readonly shop: string }) => {
  const [kind, setKind] = useState<ApiKey['kind']>('secret')
  const create = useCreateKey(shop)
  if (create.data) {
    const { text } = create.data
    return (
      <Stack gap="sm" align="flex-start">
        <Told state="waiting">
          <Text span fw={650} size="sm">
            {K.made}
          </Text>{' '}
          {K.madeHelp}
        </Told>
        <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
          {text}
        </Code>
        <Group gap="sm">
          <CopyText text={text} />
          <Button size="compact-sm" onClick={() => create.reset()}>
            {K.done}
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Stack gap="sm" align="flex-start">
      <Radio.Group label={K.kind} value={kind} onChange={(value) => setKind(value === 'public' ? 'public' : 'secret')}>
        <Stack gap="xs" mt="xs">
          {KINDS.map((one) => (
            <Radio key={one} value={one} label={K.kinds[one]} description={K.kindHelp[one]} />
          ))}
        </Stack>
      </Radio.Group>
      <Button loading={create.isPending} onClick={() => create.mutate(kind)}>
        {K.create}
      </Button>
      {create.isError ? <Told state="dead">{create.error.message}</Told> : null}
    </Stack>
  )
}
