import { Button, CopyButton } from '@mantine/core'
import { K } from '../texts/keys.ts'

/** Puts a text into the clipboard, and says so. */
export const CopyText = ({ text }: { readonly text: string }) => (
  <CopyButton value={text}>
    {({ copied, copy }) => (
      <Button size="compact-sm" variant="default" onClick={copy}>
        {copied ? K.copied : K.copy}
      </Button>
    )}
  </CopyButton>
)
