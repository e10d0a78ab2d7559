import {
  type Icon,
  IconActivity,
  IconBuildingStore,
  IconChecklist,
  IconHome,
  IconMailX,
  IconPlugConnected,
  IconShieldCheck,
  IconTargetArrow,
  IconUserShield,
} from '@tabler/icons-react'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { Renewed } from './parts/empty.tsx'
import { N } from './texts/navigation.ts'

/** A page of a shop. Its code is fetched when somebody goes there. */
export interface ShopPage {
  /** Below the shop's address, as react-router writes paths; '' is the first page. */
  readonly path: string
  readonly title: string
  readonly page: LazyExoticComponent<ComponentType>
}

/** A page that stands in the navigation. */
export interface NavigationPage extends ShopPage {
  readonly icon: Icon
}

const page = (load: () => Promise<ComponentType>) =>
  // The files of an older version are gone once a newer one runs: what helps is loading the page anew.
  lazy(() =>
    load().then(
      (found) => ({ default: found }),
      () => ({ default: Renewed }),
    ),
  )

/** The pages in the order of the navigation. A new page is one line here. */
// biome-ignore format: a table, one line for each page
export const PAGES: readonly NavigationPage[] = [
  { path: '', title: N.home, icon: IconHome, page: page(async () => (await import('./pages/home.tsx')).HomePage) },
  { path: 'platforms', title: N.platforms, icon: IconPlugConnected, page: page(async () => (await import('./pages/platforms.tsx')).PlatformsPage) },
  { path: 'events', title: N.events, icon: IconActivity, page: page(async () => (await import('./pages/events.tsx')).EventsPage) },
  { path: 'audit', title: N.audit, icon: IconChecklist, page: page(async () => (await import('./pages/audit.tsx')).AuditPage) },
  { path: 'match-quality', title: N.matchQuality, icon: IconTargetArrow, page: page(async () => (await import('./pages/match-quality.tsx')).MatchQualityPage) },
  { path: 'dead', title: N.dead, icon: IconMailX, page: page(async () => (await import('./pages/dead.tsx')).DeadPage) },
  { path: 'stores', title: N.stores, icon: IconBuildingStore, page: page(async () => (await import('./pages/stores.tsx')).StoresPage) },
]

/** The pages below the heading "Settings" of the navigation. */
// biome-ignore format: a table, one line for each page
export const SETTINGS_PAGES: readonly NavigationPage[] = [
  { path: 'consent', title: N.consent, icon: IconShieldCheck, page: page(async () => (await import('./pages/consent.tsx')).ConsentPage) },
  { path: 'requests', title: N.requests, icon: IconUserShield, page: page(async () => (await import('./pages/requests.tsx')).RequestsPage) },
]

/** Pages that others lead to; `under` is the one that the navigation marks meanwhile. */
// biome-ignore format: a table, one line for each page
export const DETAIL_PAGES: readonly (ShopPage & { readonly under: string })[] = [
  { path: 'events/:seq', under: 'events', title: N.event, page: page(async () => (await import('./pages/event.tsx')).EventPage) },
  { path: 'connect', under: 'platforms', title: N.connect, page: page(async () => (await import('./pages/connect.tsx')).ConnectPage) },
  { path: 'connect/:slug', under: 'platforms', title: N.connect, page: page(async () => (await import('./pages/connect.tsx')).ConnectPage) },
  { path: 'connections/:id', under: 'platforms', title: N.connection, page: page(async () => (await import('./pages/connection.tsx')).ConnectionPage) },
]
