import { Anchor, NavLink, Stack, Text, Title } from '@mantine/core'
import { IconCheck, IconChevronRight, IconExternalLink } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate, useOutletContext, useParams } from 'react-router'
import {
  type ConnectionOverview,
  type DestinationForm,
  type Settings,
  useConnect,
  useDestinations,
  useOverview,
} from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { Nothing, Trouble, Waiting } from '../parts/empty.tsx'
import { BackfillOffer } from '../parts/fill-in.tsx'
import { PlatformMark } from '../parts/platform-mark.tsx'
import { FormNote, SettingsForm } from '../parts/settings-form.tsx'
import { T } from '../texts.ts'

/** Connecting a platform: choose it, unless there is only one, then fill in its form. */
export const ConnectPage = () => {
  const { shop } = useOutletContext<ShopContext>()
  const { slug } = useParams()
  const destinations = useDestinations()
  const overview = useOverview(shop)
  if (destinations.isPending) return <Waiting />
  if (destinations.isError) return <Trouble error={destinations.error} />
  const all = destinations.data
  const chosen = slug === undefined && all.length === 1 ? all[0] : all.find((one) => one.slug === slug)
  if (chosen) return <Connect shop={shop} destination={chosen} />
  if (slug !== undefined) return <Nothing />
  return (
    <Stack maw={640} mx="auto">
      <Title order={1} size="h2">
        {T.connectTitle}
      </Title>
      <Text c="dimmed">{T.choosePlatform}</Text>
      <div className="card choices">
        {all.map((one) => {
          const connected = overview.data?.connections.filter(({ destination }) => destination.slug === one.slug) ?? []
          return (
            <NavLink
              key={one.slug}
              component={Link}
              to={one.slug}
              label={one.name}
              description={connectedWords(connected)}
              leftSection={<PlatformMark slug={one.slug} name={one.name} />}
              rightSection={
                connected.length > 0 ? <IconCheck size={18} aria-hidden /> : <IconChevronRight size={18} aria-hidden />
              }
            />
          )
        })}
      </div>
    </Stack>
  )
}

const connectedWords = (connected: readonly ConnectionOverview[]): string => {
  if (connected.length === 0) return T.notConnected
  const accounts = connected.flatMap(({ account }) => account ?? [])
  return accounts.length === 0 ? T.connected : T.connectedAs(accounts)
}

const Connect = ({ shop, destination }: { readonly shop: string; readonly destination: DestinationForm }) => {
  const navigate = useNavigate()
  const connect = useConnect(shop)
  const [made, setMade] = useState<number>()
  const save = {
    isPending: connect.isPending,
    error: connect.error,
    mutate: (settings: Settings, anyway = false) =>
      connect.mutate({ destination: destination.slug, settings, anyway }, { onSuccess: ({ id }) => setMade(id) }),
  }
  if (made !== undefined)
    return (
      <Stack maw={640} mx="auto">
        <BackfillOffer
          shop={shop}
          id={String(made)}
          name={destination.name}
          done={(taken) => navigate(taken ? `/s/${shop}/connections/${made}` : `/s/${shop}/platforms`)}
        />
      </Stack>
    )
  return (
    <Stack maw={640} mx="auto">
      <div>
        <Title order={1} size="h2">
          {T.connect(destination.name)}
        </Title>
        <FormNote>
          {T.startsNow}{' '}
          <Anchor href={destination.docs} target="_blank" rel="noreferrer" underline="always" inherit>
            {T.documentation} <IconExternalLink size={13} aria-label={T.newTab} />
          </Anchor>
        </FormNote>
      </div>
      <div className="card">
        <SettingsForm
          shop={shop}
          destination={destination}
          save={save}
          saveLabel={T.saveAndConnect}
          extra={
            <Anchor component={Link} to={`/s/${shop}/platforms`} size="sm">
              {T.cancel}
            </Anchor>
          }
        />
      </div>
    </Stack>
  )
}
