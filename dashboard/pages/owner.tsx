import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useBecomeOwner, useSession } from '../api.ts'
import { Told } from '../parts/told.tsx'
import { T } from '../texts.ts'

const SHORTEST = 12

/** Where the one-time link leads: whoever has it sets the passphrase. */
export const OwnerPage = () => {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const session = useSession()
  const become = useBecomeOwner()
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const short = passphrase.length < SHORTEST ? T.passphraseShort : undefined
  const differs = passphrase === again ? undefined : T.passphraseDiffers
  return (
    <Door title={T.ownerTitle}>
      {session.data?.owned ? <Told state="waiting">{T.ownerExists}</Told> : <Text c="dimmed">{T.ownerHelp}</Text>}
      {session.data?.https === false && !LOCAL.has(window.location.hostname) ? (
        <Told state="waiting">{T.notEncrypted}</Told>
      ) : null}
      <form
        onSubmit={(submit) => {
          submit.preventDefault()
          setTried(true)
          if (short === undefined && differs === undefined)
            become.mutate(
              { token: params.get('token') ?? '', passphrase },
              { onSuccess: () => navigate('/', { replace: true }) },
            )
        }}
      >
        <Stack>
          <PasswordInput
            label={T.passphrase}
            description={T.passphraseRule}
            autoComplete="new-password"
            value={passphrase}
            error={tried ? short : undefined}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
          <PasswordInput
            label={T.passphraseAgain}
            autoComplete="new-password"
            value={again}
            error={tried ? differs : undefined}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          {become.isError ? <Told state="dead">{become.error.message}</Told> : null}
          <Button type="submit" loading={become.isPending}>
            {T.become}
          </Button>
        </Stack>
      </form>
    </Door>
  )
}

const LOCAL = new Set(['localhost', '127.0.0.1'])

/** The frame of the two pages that stand before the dashboard. */
export const Door = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <main className="door">
    <Stack className="card" gap="md" w="100%" maw={420}>
      <span className="brand">
        <img src="/favicon.svg" alt="" width={28} height={28} />
        {T.product}
      </span>
      <Title order={1} size="h3">
        {title}
      </Title>
      {children}
    </Stack>
  </main>
)
