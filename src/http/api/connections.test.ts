import { describe, expect, it } from 'vitest'
import type { Connection } from '../../store/store.ts'
import { apiOf, asJson, pinterestConnection, SECRET, SHOP } from './double.ts'

const TYPED = { adAccountId: '123456', conversionToken: 'pina_NEW', productView: 'view_content' }
const inShop = `/shops/${SHOP}`

describe('connections', () => {
  it('never show a secret, only that it is there', async () => {
    const { api } = apiOf()
    const texts = await Promise.all(
      [`${inShop}/connections/1`, `${inShop}/overview`, '/destinations', '/shops'].map(async (path) =>
        (await api.request(path)).text(),
      ),
    )
    expect(texts.join()).not.toContain(SECRET)
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({
      values: { adAccountId: '549755885175', productView: 'page_visit' },
      secretsKept: ['conversionToken'],
    })
  })

  it('are made from what passes the settings schema, and wake delivery', async () => {
    const { api, store, wake } = apiOf()
    const woken: string[] = []
    wake.on('arrived', (shop) => woken.push(shop))
    const answer = await api.request(
      `${inShop}/connections`,
      asJson('POST', { destination: 'pinterest', settings: TYPED }),
    )
    expect(answer.status).toBe(201)
    const made = (await store.connections(SHOP)).at(-1)
    expect(made).toMatchObject({ destination: 'pinterest', settings: { ...TYPED, purchaseOn: 'placed' } })
    expect(woken).toEqual([SHOP])
  })

  it('are refused field by field', async () => {
    const { api, store } = apiOf()
    const answer = await api.request(
      `${inShop}/connections`,
      asJson('POST', { destination: 'pinterest', settings: { adAccountId: 'abc', conversionToken: ' ' } }),
    )
    expect(answer.status).toBe(422)
    expect(await answer.json()).toEqual({
      error: 'Some fields need a look.',
      problems: [
        { field: 'adAccountId', message: 'The ad account ID has digits only, at most 18.' },
        { field: 'conversionToken', message: 'Please fill this in.' },
      ],
    })
    expect(await store.connections(SHOP)).toHaveLength(1)
  })

  it('with credentials that the platform refuses are not made, unless somebody insists', async () => {
    const verify = async () => ({ outcome: 'failed', message: 'Pinterest does not accept the access token.' }) as const
    const { api, store } = apiOf(undefined, { verify })
    const post = (anyway: boolean) =>
      api.request(
        `${inShop}/connections`,
        asJson('POST', { destination: 'pinterest', settings: TYPED, ...(anyway ? { anyway } : {}) }),
      )
    const refused = await post(false)
    expect(refused.status).toBe(422)
    expect(await refused.json()).toEqual({ error: 'Pinterest does not accept the access token.', refused: true })
    expect(await store.connections(SHOP)).toHaveLength(1)
    expect((await post(true)).status).toBe(201)
    expect(await store.connections(SHOP)).toHaveLength(2)
  })

  it('take what the platform tells of itself, unless somebody chose otherwise', async () => {
    const verify = async () => ({ outcome: 'ok', message: 'It works.', suggests: { nativeIntegration: true } }) as const
    const { api, store } = apiOf(undefined, { verify })
    // As the form sends it: with every field's beginning.
    const settings = { apiKey: 'pk_0123456789abcdef0123456789abcdef01', nativeIntegration: false }
    await api.request(`${inShop}/connections`, asJson('POST', { destination: 'klaviyo', settings }))
    expect((await store.connections(SHOP)).at(-1)?.settings).toMatchObject({ nativeIntegration: true })
  })

  it('are one for each account, however often the button is pressed', async () => {
    const { api, store } = apiOf()
    const post = () =>
      api.request(`${inShop}/connections`, asJson('POST', { destination: 'pinterest', settings: TYPED }))
    const statuses = (await Promise.all([post(), post(), post()])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([201, 409, 409])
    expect(await store.connections(SHOP)).toHaveLength(2)
  })

  it('of a platform we do not know are 404, oversized settings 400', async () => {
    const { api } = apiOf()
    const post = (body: unknown) => api.request(`${inShop}/connections`, asJson('POST', body))
    expect((await post({ destination: 'nowhere', settings: {} })).status).toBe(404)
    expect((await post({ destination: 'pinterest', settings: { conversionToken: 'x'.repeat(9000) } })).status).toBe(400)
    expect((await post({ destination: 'pinterest', settings: { conversionToken: { deep: true } } })).status).toBe(400)
    expect((await post('text')).status).toBe(400)
  })

  it('keep a secret that is left empty, and take a new one', async () => {
    const { api, store } = apiOf()
    const put = (settings: unknown) => api.request(`${inShop}/connections/1`, asJson('PUT', { settings }))
    expect((await put({ adAccountId: '77', conversionToken: '' })).status).toBe(200)
    expect((await store.connections(SHOP))[0]?.settings).toMatchObject({ adAccountId: '77', conversionToken: SECRET })
    await put({ adAccountId: '77', conversionToken: 'pina_NEW' })
    expect((await store.connections(SHOP))[0]?.settings).toMatchObject({ conversionToken: 'pina_NEW' })
  })

  it('that wait for new credentials go on when they get them', async () => {
    let known: Connection = pinterestConnection({ state: 'needs_auth', trouble: 'The token was revoked.' })
    const changes: unknown[] = []
    const { api } = apiOf({
      connections: async () => [known],
      updateConnection: async (_shop, _id, change) => {
        changes.push(change)
        known = pinterestConnection()
        return known
      },
    })
    await api.request(`${inShop}/connections/1`, asJson('PUT', { settings: TYPED }))
    expect(changes[0]).toMatchObject({ state: 'active', trouble: null })
  })

  it('pause, resume and end', async () => {
    const { api, store } = apiOf()
    const state = (to: string) => api.request(`${inShop}/connections/1/state`, asJson('PUT', { state: to }))
    expect(await (await state('paused')).json()).toEqual({ state: 'paused' })
    expect(await (await state('active')).json()).toEqual({ state: 'active' })
    expect((await state('needs_auth')).status).toBe(400)
    expect((await api.request(`${inShop}/connections/1`, { method: 'DELETE' })).status).toBe(200)
    expect(await store.connections(SHOP)).toEqual([])
    expect((await api.request(`${inShop}/connections/1`, { method: 'DELETE' })).status).toBe(404)
    expect((await state('paused')).status).toBe(404)
  })

  it('are tested as stored, and as typed with the stored secret', async () => {
    const seen: unknown[] = []
    const { api } = apiOf(
      {},
      {
        verify: async (destination, settings) => {
          seen.push([destination, settings])
          return { outcome: 'failed', message: 'Pinterest does not know this token.' }
        },
      },
    )
    const stored = await api.request(`${inShop}/connections/1/test`, asJson('POST', {}))
    expect(await stored.json()).toEqual({ outcome: 'failed', message: 'Pinterest does not know this token.' })
    const typed = { destination: 'pinterest', settings: { adAccountId: '77' } }
    expect((await api.request(`${inShop}/test`, asJson('POST', typed))).status).toBe(422)
    await api.request(`${inShop}/test`, asJson('POST', { ...typed, connection: 1 }))
    expect(seen).toMatchObject([
      ['pinterest', { adAccountId: '549755885175', conversionToken: SECRET }],
      ['pinterest', { adAccountId: '77', conversionToken: SECRET }],
    ])
  })
})
