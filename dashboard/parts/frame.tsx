import { AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core'
import { useDisclosure, useDocumentTitle } from '@mantine/hooks'
import { type ReactNode, useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import type { Shops } from '../api.ts'
import { moment } from '../format.ts'
import type { Following } from '../live.ts'
import { DETAIL_PAGES, type NavigationPage, PAGES, SETTINGS_PAGES } from '../navigation.ts'
import { N } from '../texts/navigation.ts'
import { T } from '../texts.ts'
import { InstallationTroubles } from './installation-troubles.tsx'
import { Told } from './told.tsx'
import { Brand, DemoLinks, LiveState, SchemeSwitch, ShopChoice, SignOut, SkipLink } from './top.tsx'

/** What stands around every page of a shop: the bar on top, and the navigation beside it or behind a button. */
export const Frame = ({
  shop,
  setup,
  following,
  children,
}: {
  readonly shop: string
  readonly setup: Shops
  readonly following: Following
  readonly children: ReactNode
}) => {
  const [opened, open] = useDisclosure(false)
  const { pathname } = useLocation()
  const current = currentPage(pathname.slice(`/s/${shop}`.length).replace(/^\//, ''))
  useDocumentTitle(current ? `${current.title} · ${shop} · ${T.product}` : T.product)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever went to another page wants to see it
  useEffect(() => {
    open.close()
    window.scrollTo(0, 0)
  }, [pathname])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 14, sm: 24 }}
      transitionDuration={0}
    >
      <AppShell.Header className="top">
        <SkipLink />
        <Group h="100%" px={{ base: 12, sm: 20 }} justify="space-between" gap="sm" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={open.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? N.closeNavigation : N.openNavigation}
              aria-expanded={opened}
            />
            <Brand to={`/s/${shop}`} />
          </Group>
          <Group gap="md" wrap="nowrap">
            <LiveState live={following.live} />
            {setup.demo ? (
              <Group gap="md" visibleFrom="md" wrap="nowrap">
                <DemoLinks demo={setup.demo} />
              </Group>
            ) : null}
            <Group gap={4} wrap="nowrap">
              <SchemeSwitch />
              <SignOut />
            </Group>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className="side" data-shut={!opened} aria-label={N.navigation}>
        <AppShell.Section p="md" pb="xs">
          <ShopChoice shops={setup.shops.map((one) => one.shop)} shop={shop} />
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea} px="xs">
          <PageLinks shop={shop} pages={PAGES} current={current} />
          {SETTINGS_PAGES.length === 0 ? null : (
            <>
              <Text size="xs" fw={600} c="dimmed" px="sm" pt="md" pb={4}>
                {N.settings}
              </Text>
              <PageLinks shop={shop} pages={SETTINGS_PAGES} current={current} />
            </>
          )}
        </AppShell.Section>
        {setup.demo ? (
          <AppShell.Section p="md" hiddenFrom="md">
            <Group gap="md">
              <DemoLinks demo={setup.demo} />
            </Group>
          </AppShell.Section>
        ) : null}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className="page">
        {following.lostAt === undefined ? null : <Told state="waiting">{N.offline(moment(following.lostAt))}</Told>}
        <InstallationTroubles shop={shop} />
        {children}
      </AppShell.Main>
    </AppShell>
  )
}

/** The page of the navigation that an address belongs to. */
const currentPage = (path: string): NavigationPage | undefined => {
  const all = [...PAGES, ...SETTINGS_PAGES]
  const exact = all.find((one) => one.path === path)
  if (exact) return exact
  const [first] = path.split('/')
  const detail = DETAIL_PAGES.find((one) => one.path.split('/')[0] === first)
  return all.find((one) => one.path === (detail?.under ?? first))
}

const PageLinks = ({
  shop,
  pages,
  current,
}: {
  readonly shop: string
  readonly pages: readonly NavigationPage[]
  readonly current: NavigationPage | undefined
}) => (
  <>
    {pages.map((one) => (
      <NavLink
        key={one.path}
        component={Link}
        to={`/s/${shop}${one.path === '' ? '' : `/${one.path}`}`}
        label={one.title}
        leftSection={<one.icon size={18} stroke={1.8} aria-hidden />}
        active={one === current}
        aria-current={one === current ? 'page' : undefined}
        className="side-link"
      />
    ))}
  </>
)
