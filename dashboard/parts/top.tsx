import {
  ActionIcon,
  Anchor,
  Box,
  Button,
  Container,
  Group,
  Select,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { IconExternalLink, IconMoon, IconSun } from '@tabler/icons-react'
import { Link, useNavigate } from 'react-router'
import { type Shops, useSession, useSignOut } from '../api.ts'
import { T } from '../texts.ts'

/** The bar on top: which shop, whether the page is live, and the ways out. */
export const Top = ({
  setup,
  shop,
  live,
}: {
  readonly setup: Shops
  readonly shop?: string
  readonly live?: boolean
}) => (
  <header className="top">
    <a className="skip" href="#content">
      {T.skipToContent}
    </a>
    <Container size={1200} px={{ base: 14, sm: 24 }} py={10}>
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Group gap="md" wrap="nowrap" miw={0}>
          <Link to={shop ? `/s/${shop}` : '/'} className="brand">
            <img src="/favicon.svg" alt="" width={28} height={28} />
            {T.product}
          </Link>
          {shop ? (
            <Box visibleFrom="sm">
              <ShopName shops={setup.shops.map((one) => one.shop)} shop={shop} />
            </Box>
          ) : null}
        </Group>
        <Group gap="md" wrap="nowrap">
          {live === undefined ? null : (
            <span className="live" data-on={live} title={live ? T.liveHelp : T.offlineHelp} role="status">
              <i />
              {live ? T.live : T.reconnecting}
            </span>
          )}
          {setup.demo ? (
            <Group gap="md" visibleFrom="sm" wrap="nowrap">
              <Outside href={setup.demo.store}>{T.demoStore}</Outside>
              <Outside href={setup.demo.ads}>{T.demoAds}</Outside>
            </Group>
          ) : null}
          <Group gap={4} wrap="nowrap">
            <SchemeSwitch />
            <SignOut />
          </Group>
        </Group>
      </Group>
      {shop ? (
        <Box hiddenFrom="sm" mt={4}>
          <ShopName shops={setup.shops.map((one) => one.shop)} shop={shop} />
        </Box>
      ) : null}
      {setup.demo ? (
        <Group gap="md" hiddenFrom="sm" mt={4}>
          <Outside href={setup.demo.store}>{T.demoStore}</Outside>
          <Outside href={setup.demo.ads}>{T.demoAds}</Outside>
        </Group>
      ) : null}
    </Container>
  </header>
)

const ShopName = ({ shops, shop }: { readonly shops: readonly string[]; readonly shop: string }) => {
  const navigate = useNavigate()
  if (shops.length < 2) return <span className="shop">{shop}</span>
  return (
    <Select
      aria-label={T.shop}
      size="xs"
      w={260}
      data={shops}
      value={shop}
      allowDeselect={false}
      searchable={shops.length > 8}
      onChange={(chosen) => chosen && navigate(`/s/${chosen}`)}
    />
  )
}

const Outside = ({ href, children }: { readonly href: string; readonly children: string }) => (
  <Anchor href={href} target="_blank" rel="noreferrer" size="sm">
    {children} <IconExternalLink size={13} aria-label={T.newTab} />
  </Anchor>
)

const SchemeSwitch = () => {
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

const SignOut = () => {
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
