import { ActionIcon, Anchor, Button, Group, Select, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconExternalLink, IconMoon, IconSun } from '@tabler/icons-react'
import { Link, useNavigate } from 'react-router'
import { type Shops, useSession, useSignOut } from '../api.ts'
import { T } from '../texts.ts'

/** What the bar on top is made of: where one is, whether the page is live, and the ways out. */

/** The bar while there is no shop yet. */
export const Top = ({ setup }: { readonly setup: Shops }) => (
  <header className="top">
    <SkipLink />
    <Group h={56} px={{ base: 12, sm: 20 }} justify="space-between" gap="sm" wrap="nowrap">
      <Brand to="/" />
      <Group gap="md" wrap="nowrap">
        {setup.demo ? <DemoLinks demo={setup.demo} /> : null}
        <SchemeSwitch />
        <SignOut />
      </Group>
    </Group>
  </header>
)

export const SkipLink = () => (
  <a className="skip" href="#content">
    {T.skipToContent}
  </a>
)

export const Brand = ({ to }: { readonly to: string }) => (
  <Link to={to} className="brand">
    <img src="/favicon.svg" alt="" width={28} height={28} />
    {T.product}
  </Link>
)

export const LiveState = ({ live }: { readonly live: boolean }) => (
  <span className="live" data-on={live} title={live ? T.liveHelp : T.offlineHelp} role="status">
    <i />
    {live ? T.live : T.reconnecting}
  </span>
)

export const ShopChoice = ({ shops, shop }: { readonly shops: readonly string[]; readonly shop: string }) => {
  const navigate = useNavigate()
  if (shops.length < 2) return <span className="shop">{shop}</span>
  return (
    <Select
      aria-label={T.shop}
      size="sm"
      data={shops}
      value={shop}
      allowDeselect={false}
      searchable={shops.length > 8}
      onChange={(chosen) => chosen && navigate(`/s/${chosen}`)}
    />
  )
}

export const DemoLinks = ({ demo }: { readonly demo: NonNullable<Shops['demo']> }) => (
  <>
    <Outside href={demo.store}>{T.demoStore}</Outside>
    <Outside href={demo.ads}>{T.demoAds}</Outside>
  </>
)

const Outside = ({ href, children }: { readonly href: string; readonly children: string }) => (
  <Anchor href={href} target="_blank" rel="noreferrer" size="sm">
    {children} <IconExternalLink size={13} aria-label={T.newTab} />
  </Anchor>
)

export const SchemeSwitch = () => {
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      aria-label={T.lightOrDark}
      title={T.lightOrDark}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  )
}

export const SignOut = () => {
  const session = useSession()
  const signOut = useSignOut()
  if (!session.data?.signedIn || session.data.embedded) return null
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      loading={signOut.isPending}
      onClick={() => signOut.mutate()}
    >
      {T.signOut}
    </Button>
  )
}
