import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import type { InferResponseType } from 'hono/client'
import { answer, inShop, Refused, shopApi } from '../api.ts'
import { T } from '../texts.ts'

export type AuditPage = InferResponseType<typeof shopApi.audit.$get, 200>
export type AuditedOrder = AuditPage['orders'][number]
export type AuditCell = AuditedOrder['cells'][number]
export type AuditState = AuditCell['state']
export type AuditSums = InferResponseType<typeof shopApi.audit.sums.$get, 200>
export type Compared = InferResponseType<typeof shopApi.audit.shopify.$get, 200>

/** Days (YYYY-MM-DD) where the shop is, both included. */
export interface AuditPeriod {
  readonly from: string
  readonly until: string
}

export interface AuditFilter {
  readonly connection: string
  readonly state: AuditState | ''
}

export const useAudit = (shop: string, period: AuditPeriod, { connection, state }: AuditFilter) =>
  useInfiniteQuery({
    queryKey: inShop(shop, 'audit', period.from, period.until, connection, state),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(
        shopApi.audit.$get({
          param: { shop },
          query: {
            ...period,
            ...(pageParam === undefined ? {} : { after: pageParam }),
            ...(connection === '' ? {} : { connection }),
            ...(state === '' ? {} : { state }),
          },
        }),
      ),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })

export const useAuditSums = (shop: string, period: AuditPeriod) =>
  useQuery({
    queryKey: inShop(shop, 'audit-sums', period.from, period.until),
    queryFn: () => answer(shopApi.audit.sums.$get({ param: { shop }, query: { ...period } })),
    placeholderData: keepPreviousData,
  })

/** Shopify's own sums. It is asked once for a period, not whenever something happens in the shop. */
export const useCompared = (shop: string, period: AuditPeriod) =>
  useQuery({
    queryKey: ['compared', shop, period.from, period.until],
    queryFn: () => answer(shopApi.audit.shopify.$get({ param: { shop }, query: { ...period } })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

/** The whole period as a file, handed to the browser. It is asked for as everything else is: a plain link has no token. */
export const useAuditFile = (shop: string, period: AuditPeriod) =>
  useMutation({
    mutationFn: async () => {
      const asked = await shopApi.audit.csv.$get({ param: { shop }, query: { ...period } }).catch(() => undefined)
      if (!asked?.ok) throw new Refused(asked?.status ?? 0, T.unreachable)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await asked.blob())
      link.download = `orders-${shop.split('.', 1)[0]}-${period.from}-${period.until}.csv`
      link.click()
      URL.revokeObjectURL(link.href)
    },
  })
