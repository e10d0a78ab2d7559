import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query'
import type { InferRequestType } from 'hono/client'
import { answer, inShop, shopApi } from '../api.ts'

export type EventSearch = Omit<InferRequestType<typeof shopApi.events.search.$post>['json'], 'limit' | 'below'>

const PER_PAGE = 25

/** Events that fit a search, newest first. Those that are not followed stay what they were. */
export const useEvents = (shop: string, search: EventSearch, following: boolean) =>
  useInfiniteQuery({
    // Whatever is kept of the shop itself is asked again when something happens there.
    queryKey: following ? inShop(shop, 'events', JSON.stringify(search)) : ['still', shop, JSON.stringify(search)],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      answer(
        shopApi.events.search.$post({
          param: { shop },
          json: { ...search, limit: PER_PAGE, ...(pageParam === undefined ? {} : { below: pageParam }) },
        }),
      ),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: following ? 5_000 : Number.POSITIVE_INFINITY,
  })

/** The request for an event as a command against the sandbox. */
export const useCurl = (shop: string, seq: number, connection: number) =>
  useMutation({
    mutationFn: () =>
      answer(
        shopApi.events[':seq'].curl[':connection'].$get({
          param: { shop, seq: String(seq), connection: String(connection) },
        }),
      ),
  })
