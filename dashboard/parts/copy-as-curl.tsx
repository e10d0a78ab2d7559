import { Button, Stack, Text } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconTerminal2 } from '@tabler/icons-react'
import { useCurl } from '../queries/events.ts'
import { E } from '../texts/events.ts'
import { T } from '../texts.ts'
import { Told } from './told.tsx'

/** Copies an event's request as a command that the sandbox takes. */
export const CopyAsCurl = ({
  shop,
  seq,
  connection,
}: {
  readonly shop: string
  readonly seq: number
  readonly connection: number
}) => {
  const curl = useCurl(shop, seq, connection)
  const clipboard = useClipboard()
  return (
    <Stack gap={6}>
      <Button
        size="xs"
        variant="default"
        w="fit-content"
        leftSection={<IconTerminal2 size={15} aria-hidden />}
        loading={curl.isPending}
        onClick={() => curl.mutate(undefined, { onSuccess: ({ command }) => clipboard.copy(command) })}
      >
        {clipboard.copied ? T.copied : E.curl}
      </Button>
      <Text size="xs" c="dimmed">
        {E.curlHelp}
      </Text>
      {curl.isError ? <Told state="skipped">{curl.error.message}</Told> : null}
    </Stack>
  )
}
