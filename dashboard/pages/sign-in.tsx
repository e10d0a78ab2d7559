import { Button, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { useSignIn } from '../api.ts'
import { Told } from '../parts/told.tsx'
import { T } from '../texts.ts'
import { Door } from './owner.tsx'

export const SignInPage = () => {
  const signIn = useSignIn()
  const [passphrase, setPassphrase] = useState('')
  return (
    <Door title={T.signInTitle}>
      <form
        onSubmit={(submit) => {
          submit.preventDefault()
          signIn.mutate(passphrase)
        }}
      >
        <Stack>
          <PasswordInput
            label={T.passphrase}
            autoComplete="current-password"
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
          {signIn.isError ? <Told state="dead">{signIn.error.message}</Told> : null}
          <Button type="submit" loading={signIn.isPending} disabled={passphrase === ''}>
            {T.signIn}
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
