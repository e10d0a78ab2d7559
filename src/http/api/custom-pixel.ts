import { Hono } from 'hono'
import { customPixelOf } from '../custom-pixel.ts'
import { knownShop } from './asked.ts'
import type { ApiDeps } from './deps.ts'

/** The custom pixel of a shop, to copy: it is made anew of the connections at every question. */
export const customPixelRoutes = ({ runtime: { store }, capture }: ApiDeps) =>
  new Hono().get('/shops/:shop/custom-pixel', knownShop(store), async (c) => {
    const { shop } = c.var
    return c.json(await customPixelOf(shop, await store.connections(shop.shop), { beaconUrl: capture.beacon }))
  })
