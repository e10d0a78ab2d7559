import { Container, VisuallyHidden } from '@mantine/core'
import { type ReactNode, Suspense } from 'react'
import { Navigate, Outlet, Route, Routes, useParams } from 'react-router'
import { type Shops, useSession, useShops } from './api.ts'
import { useLive } from './live.ts'
import { DETAIL_PAGES, PAGES, SETTINGS_PAGES } from './navigation.ts'
import { OwnerPage } from './pages/owner.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { NoShop, Nothing, Trouble, Waiting } from './parts/empty.tsx'
import { Frame } from './parts/frame.tsx'
import { Top } from './parts/top.tsx'
import { T } from './texts.ts'

/** Signing in stands before everything else; below it every page belongs to one shop, named in the address. */
export const App = () => (
  <Routes>
    <Route path="/owner" element={<OwnerPage />} />
    <Route element={<SignedIn />}>
      <Route index element={<FirstShop />} />
      <Route path="/s/:shop" element={<ShopFrame />}>
        {[...PAGES, ...SETTINGS_PAGES, ...DETAIL_PAGES].map(({ path, page: Shown }) => (
          <Route key={path} path={path} element={<Shown />} />
        ))}
        <Route path="*" element={<Nothing />} />
      </Route>
      <Route path="*" element={<Plain />} />
    </Route>
  </Routes>
)

const SignedIn = () => {
  const session = useSession()
  if (session.isPending) return <Waiting />
  if (session.isError) return <Alone error={session.error} />
  if (session.data.owned && !session.data.signedIn) return <SignInPage />
  return <Outlet />
}

const FirstShop = () => {
  const shops = useShops()
  if (shops.isPending) return <Waiting />
  if (shops.isError) return <Alone error={shops.error} />
  const first = shops.data.shops[0]
  if (first) return <Navigate to={`/s/${first.shop}`} replace />
  return (
    <>
      <Top setup={shops.data} />
      <Page>
        <VisuallyHidden component="h1">{T.product}</VisuallyHidden>
        <NoShop capture={shops.data.capture} />
      </Page>
    </>
  )
}

/** What every page of a shop is given. */
export interface ShopContext {
  readonly shop: string
  readonly setup: Shops
}

const ShopFrame = () => {
  const { shop = '' } = useParams()
  const shops = useShops()
  if (shops.isPending) return <Waiting />
  if (shops.isError) return <Alone error={shops.error} />
  return <Followed key={shop} shop={shop} setup={shops.data} />
}

const Followed = ({ shop, setup }: ShopContext) => (
  <Frame shop={shop} setup={setup} following={useLive(shop)}>
    <Suspense fallback={<Waiting />}>
      <Outlet context={{ shop, setup } satisfies ShopContext} />
    </Suspense>
  </Frame>
)

const Page = ({ children }: { readonly children: ReactNode }) => (
  <Container component="main" id="content" size={1200} px={{ base: 14, sm: 24 }} py={{ base: 18, sm: 28 }}>
    {children}
  </Container>
)

const Alone = ({ error }: { readonly error: Error }) => (
  <Page>
    <Trouble error={error} />
  </Page>
)

const Plain = () => (
  <Page>
    <Nothing />
  </Page>
)
