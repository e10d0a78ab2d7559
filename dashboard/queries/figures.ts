import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { InferResponseType } from 'hono/client'
import { answer, connectionApi, inShop, type Replay, shopApi } from '../api.ts'

export type Today = InferResponseType<typeof shopApi.today.$get, 200>
export type PlatformToday = Today['platforms'][number]
export type Check = Today['checks'][number]
export type MatchQuality = InferResponseType<(typeof shopApi)['match-quality']['$get'], 200>
export type PlatformQuality = MatchQuality['platforms'][number]
export type EventQuality = PlatformQuality['events'][number]
export type Course = InferResponseType<typeof connectionApi.course.$get, 200>
export type DeadCause = InferResponseType<typeof shopApi.dead.$get, 200>[number]

export const useToday = (shop: string) =>
  useQuery({
    queryKey: inShop(shop, 'today'),
    queryFn: () => answer(shopApi.today.$get({ param: { shop } })),
    placeholderData: keepPreviousData,
  })

export const useMatchQuality = (shop: string) =>
  useQuery({
    queryKey: inShop(shop, 'match-quality'),
    queryFn: () => answer(shopApi['match-quality'].$get({ param: { shop } })),
  })

export const useCourse = (shop: string, id: string) =>
  useQuery({
    queryKey: inShop(shop, 'course', id),
    queryFn: () => answer(connectionApi.course.$get({ param: { shop, id } })),
    placeholderData: keepPreviousData,
  })

export const useDeadCauses = (shop: string) =>
  useQuery({
    queryKey: inShop(shop, 'dead-causes'),
    queryFn: () => answer(shopApi.dead.$get({ param: { shop } })),
  })

/** Sends again what died, at one connection after the other; how many of them began it. */
export const useReplays = (shop: string) => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (asked: readonly { readonly connection: number; readonly replay: Replay }[]) => {
      for (const { connection, replay } of asked)
        await answer(connectionApi.replay.$post({ param: { shop, id: String(connection) }, json: replay }))
      return asked.length
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['shop', shop] }),
  })
}
