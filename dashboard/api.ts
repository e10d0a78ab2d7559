import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { hc, type InferRequestType, type InferResponseType } from 'hono/client'
import type { Api } from '../src/http/api/index.ts'
import type { SessionApi } from '../src/http/session-api.ts'
import { T } from './texts.ts'

const JSON_HEADERS = { headers: { 'content-type': 'application/json' } }
const api = hc<Api>('/api', JSON_HEADERS)
const session = hc<SessionApi>('/api/session', JSON_HEADERS)
export const shopApi = api.shops[':shop']
export const connectionApi = shopApi.connections[':id']
const replayApi = connectionApi.replay

export type Shops = InferResponseType<typeof api.shops.$get, 200>
export type Destinations = InferResponseType<typeof api.destinations.$get, 200>
export type DestinationForm = Destinations[number]
export type SettingField = DestinationForm['fields'][number]
export type Overview = InferResponseType<typeof shopApi.overview.$get, 200>
export type ConnectionOverview = Overview['connections'][number]
export type RecentEvent = InferResponseType<typeof shopApi.events.search.$post, 200>['events'][number]
export type EventOutcome = RecentEvent['outcomes'][number]
export type Story = InferResponseType<(typeof shopApi.events)[':seq']['$get'], 200>
export type DeliveryStory = Story['deliveries'][number]
export type ConnectionSettings = InferResponseType<(typeof shopApi.connections)[':id']['$get'], 200>
export type SampleProduct = InferResponseType<(typeof shopApi)['sample-product']['$get'], 200>
export type Settings = InferRequestType<typeof shopApi.connections.$post>['json']['settings']
export type Verified = InferResponseType<(typeof shopApi.connections)[':id']['test']['$post'], 200>
export type Task = InferResponseType<typeof shopApi.tasks.$get, 200>[number]
export type Replay = InferRequestType<(typeof replayApi)['$post']>['json']
export type Plan = InferResponseType<(typeof replayApi.preview)['$post'], 200>
export type DeadGroup = InferResponseType<(typeof shopApi.connections)[':id']['dead']['$get'], 200>[number]
export type ApiKey = InferResponseType<typeof shopApi.keys.$get, 200>[number]
export type DataRequest = InferResponseType<typeof shopApi.requests.$get, 200>[number]
export type AskedByHand = InferRequestType<typeof shopApi.requests.$post>['json']
export type ConsentView = InferResponseType<typeof shopApi.consent.$get, 200>
export type ConsentChoice = InferRequestType<typeof shopApi.consent.$put>['json']
export type OutcomeState = EventOutcome['state']

/** An answer that is not the wanted one, in the server's own words; `problems` speak of single fields. */
export class Refused extends Error {
  readonly status: number
  readonly problems: Readonly<Record<string, string>>
  /** The platform itself refused, not we: the person may insist. */
  readonly byPlatform: boolean
  constructor(
    status: number,
    message: string,
    problems: Readonly<Record<string, string>> = {},
    byPlatform: boolean = false,
  ) {
    super(message)
    this.status = status
    this.problems = problems
    this.byPlatform = byPlatform
  }
}

interface Problem {
  readonly field: string
  readonly part?: string
  readonly message: string
}

/** Under which `problems` has what is wrong with a field, or with the value of one name in it. */
export const problemKey = ({ field, part }: Pick<Problem, 'field' | 'part'>): string =>
  part === undefined ? field : `${field}.${part}`

interface Answer {
  readonly ok: boolean
  readonly status: number
  json(): Promise<unknown>
}

/** What a good answer carries; `{ error }` bodies are not among them, because they are thrown. */
type Good<Given extends Answer> = Exclude<Awaited<ReturnType<Given['json']>>, { error: string }>

/** What an answer carries; whatever else comes is thrown as Refused. */
export const answer = async <Given extends Answer>(asked: Promise<Given>): Promise<Good<Given>> => {
  const response = await asked.catch(() => {
    throw new Refused(0, T.unreachable)
  })
  if (response.ok) return (await response.json()) as Good<Given>
  const body: unknown = await response.json().catch(() => undefined)
  throw refusal(response.status, body)
}

const refusal = (status: number, body: unknown): Refused => {
  if (typeof body !== 'object' || body === null || !('error' in body)) return new Refused(status, T.unreachable)
  const problems = 'problems' in body && Array.isArray(body.problems) ? body.problems : []
  return new Refused(
    status,
    String(body.error),
    // Of several about one field, the first.
    Object.fromEntries(problems.toReversed().map((one: Problem) => [problemKey(one), one.message])),
    'refused' in body && body.refused === true,
  )
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Asking again cures only silence; a refusal stays one.
      retry: (count, error) => count < 2 && error instanceof Refused && (error.status === 0 || error.status >= 500),
    },
  },
})

/** Under which key something of a shop is kept: all of a shop's is asked again when something happened there. */
export const inShop = (shop: string, ...rest: readonly (string | number)[]) => ['shop', shop, ...rest]

export const useSession = () => useQuery({ queryKey: ['session'], queryFn: () => answer(session.index.$get()) })
export const useShops = () => useQuery({ queryKey: ['shops'], queryFn: () => answer(api.shops.$get()) })
export const useDestinations = () =>
  useQuery({ queryKey: ['destinations'], queryFn: () => answer(api.destinations.$get()), staleTime: Infinity })

/** How the app is installed, and what is wrong with that. */
export const useInstallation = (shop: string) =>
  useQuery({
    queryKey: inShop(shop, 'installation'),
    queryFn: () => answer(shopApi.installation.$get({ param: { shop } })),
    staleTime: 60_000,
  })

export const useOverview = (shop: string) =>
  useQuery({
    queryKey: inShop(shop, 'overview'),
    queryFn: () => answer(shopApi.overview.$get({ param: { shop } })),
    placeholderData: keepPreviousData,
  })

export const useStory = (shop: string, seq: string) =>
  useQuery({
    queryKey: inShop(shop, 'event', seq),
    queryFn: () => answer(shopApi.events[':seq'].$get({ param: { shop, seq } })),
  })

export const useConnection = (shop: string, id: string) =>
  useQuery({
    queryKey: inShop(shop, 'connection', id),
    queryFn: () => answer(shopApi.connections[':id'].$get({ param: { shop, id } })),
  })

/** A product of the shop, to show what a catalogue template makes of it. */
export const useSampleProduct = (shop: string) =>
  useQuery({
    queryKey: inShop(shop, 'sample-product'),
    queryFn: () => answer(shopApi['sample-product'].$get({ param: { shop } })),
    staleTime: 60_000,
  })

export const useKeys = (shop: string) =>
  useQuery({ queryKey: inShop(shop, 'keys'), queryFn: () => answer(shopApi.keys.$get({ param: { shop } })) })

/** A change to a shop; afterwards everything shown of it is asked again. */
export const useChange = <Input, Output>(shop: string, change: (input: Input) => Promise<Output>) => {
  const queries = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: ['shop', shop] }) })
}

export const useCreateKey = (shop: string) =>
  useChange(shop, (kind: ApiKey['kind']) => answer(shopApi.keys.$post({ param: { shop }, json: { kind } })))

export const useRevokeKey = (shop: string) =>
  useChange(shop, (key: string) => answer(shopApi.keys[':key'].$delete({ param: { shop, key } })))

export const useConnect = (shop: string) =>
  useChange(shop, (json: { destination: string; settings: Settings; anyway?: boolean }) =>
    answer(shopApi.connections.$post({ param: { shop }, json })),
  )

export const useSaveSettings = (shop: string, id: string) =>
  useChange(shop, (settings: Settings) =>
    answer(shopApi.connections[':id'].$put({ param: { shop, id }, json: { settings } })),
  )

export const useConsent = (shop: string) =>
  useQuery({
    queryKey: inShop(shop, 'consent'),
    queryFn: () => answer(shopApi.consent.$get({ param: { shop } })),
  })

export const useChooseConsent = (shop: string) =>
  useChange(shop, (json: ConsentChoice) => answer(shopApi.consent.$put({ param: { shop }, json })))

export const useSetState = (shop: string, id: string) =>
  useChange(shop, (state: 'active' | 'paused') =>
    answer(shopApi.connections[':id'].state.$put({ param: { shop, id }, json: { state } })),
  )

export const useTestMode = (shop: string, id: string) =>
  useChange(shop, (json: { on: boolean; code?: string }) =>
    answer(connectionApi['test-mode'].$put({ param: { shop, id }, json })),
  )

/** Running tasks are asked about now and then even if nothing happens: that they stand still is news too. */
const TASK_LOOK = 2000

export const useTasks = (shop: string, id: string) =>
  useQuery({
    queryKey: inShop(shop, 'tasks', id),
    queryFn: () => answer(shopApi.tasks.$get({ param: { shop }, query: { connection: id } })),
    refetchInterval: ({ state }) => (state.data?.some((task) => task.state === 'running') ? TASK_LOOK : false),
  })

export const useDead = (shop: string, id: string) =>
  useQuery({
    queryKey: inShop(shop, 'dead', id),
    queryFn: () => answer(connectionApi.dead.$get({ param: { shop, id } })),
  })

export const useOffers = (shop: string, id: string) =>
  useQuery({
    queryKey: inShop(shop, 'offers', id),
    queryFn: () => answer(connectionApi.offers.$get({ param: { shop, id } })),
  })

/** What a replay or a backfill would do; nothing begins. */
export const usePreview = (shop: string, id: string) =>
  useMutation({
    mutationFn: (asked: Asked) =>
      'days' in asked
        ? answer(connectionApi.backfill.preview.$post({ param: { shop, id }, json: asked }))
        : answer(replayApi.preview.$post({ param: { shop, id }, json: asked })),
  })

export type Asked = { readonly days: number } | Replay

export const useBegin = (shop: string, id: string) =>
  useChange(shop, (asked: Asked) =>
    'days' in asked
      ? answer(connectionApi.backfill.$post({ param: { shop, id }, json: asked }))
      : answer(replayApi.$post({ param: { shop, id }, json: asked })),
  )

export const useCancelTask = (shop: string) =>
  useChange(shop, (task: number) => answer(shopApi.tasks[':task'].$delete({ param: { shop, task: String(task) } })))

/** What waits is done by a job, which tells nobody when. */
const REQUEST_LOOK = 3000

export const useRequests = (shop: string) =>
  useQuery({
    queryKey: inShop(shop, 'requests'),
    queryFn: () => answer(shopApi.requests.$get({ param: { shop } })),
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'open') ? REQUEST_LOOK : false),
  })

export const useAskByHand = (shop: string) =>
  useChange(shop, (json: AskedByHand) => answer(shopApi.requests.$post({ param: { shop }, json })))

/** Fetches the answer to a request and hands it to the browser as a file. */
export const useDownload = (shop: string) =>
  useMutation({
    mutationFn: async (key: string) => {
      const document = await answer(shopApi.requests.answer.$get({ param: { shop }, query: { key } }))
      const link = window.document.createElement('a')
      link.href = URL.createObjectURL(new Blob([JSON.stringify(document, undefined, 2)], { type: 'application/json' }))
      link.download = `customer-data-${key.slice(0, 10)}.json`
      link.click()
      URL.revokeObjectURL(link.href)
    },
  })

/** Asks again only for the lists: the connection itself is no longer there to be asked for. */
export const useRemove = (shop: string, id: string) => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => answer(shopApi.connections[':id'].$delete({ param: { shop, id } })),
    onSuccess: () => {
      for (const list of ['overview', 'events']) void queries.invalidateQueries({ queryKey: inShop(shop, list) })
    },
  })
}

export const useTest = (shop: string, id: string) =>
  useMutation({ mutationFn: () => answer(shopApi.connections[':id'].test.$post({ param: { shop, id } })) })

export const useTestSettings = (shop: string) =>
  useMutation({
    mutationFn: (json: { destination: string; settings: Settings; connection?: number }) =>
      answer(shopApi.test.$post({ param: { shop }, json })),
  })

/** Made when it is asked for: most who look at a connection do not want it. */
export const useCustomPixel = (shop: string) =>
  useMutation({ mutationFn: () => answer(shopApi['custom-pixel'].$get({ param: { shop } })) })

/** A new session changes what every other question is answered. */
const useSessionChange = <Input, Output>(change: (input: Input) => Promise<Output>) => {
  const queries = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => queries.resetQueries() })
}

export const useSignIn = () =>
  useSessionChange((passphrase: string) => answer(session.index.$post({ json: { passphrase } })))
export const useBecomeOwner = () =>
  useSessionChange((json: { token: string; passphrase: string }) => answer(session.owner.$post({ json })))
export const useSignOut = () => useSessionChange(() => answer(session.index.$delete()))
