import { describe, expect, it } from 'vitest'
import { DAY } from '../lib/duration.ts'
import { BROWSER_ID_COOKIES } from './browser-id-cookies.ts'
import { BROWSER_IDS, browserIdsFrom, clickParamsOf, isClickParam, withoutClickParams } from './browser-ids.ts'

const AT = '2026-11-21T02:06:42.118Z'

describe('browser ids', () => {
  it('come from cookies and from the parameters of URLs, each with the moment it was seen', () => {
    const cookies = { _fbp: 'fb.1.1763690000000.1122334455', _ga: 'GA1.1.1234567890.1700000000', _ttp: '01HABCDEF' }
    const urls = [
      'https://shop.example/p?ttclid=E.C.P.x&ScCid=1111-2222&rdt_cid=5001234567890123456&utm_source=x#gclid=no',
    ]
    expect(browserIdsFrom({ cookies, urls }, AT)).toEqual({
      fbp: 'fb.1.1763690000000.1122334455',
      gaClientId: '1234567890.1700000000',
      ttp: '01HABCDEF',
      ttclid: 'E.C.P.x',
      sccid: '1111-2222',
      rdtCid: '5001234567890123456',
      seenAt: { fbp: AT, gaClientId: AT, ttp: AT, ttclid: AT, sccid: AT, rdtCid: AT },
    })
  })

  it('in a cookie win over those in a URL, and an earlier URL over a later one', () => {
    const urls = ['https://shop.example/?epik=second', 'https://shop.example/?epik=third&gclid=third']
    expect(browserIdsFrom({ cookies: { _epik: 'first' }, urls }, undefined)).toEqual({ epik: 'first', gclid: 'third' })
    expect(browserIdsFrom({ urls: [undefined, ...urls] }, undefined)).toEqual({ epik: 'second', gclid: 'third' })
  })

  it('that a tool keeps in a cookie of its own yield to the click in a URL, which is newer', () => {
    const cookies = { ttclid: 'E.C.P.kept', _scclid: 'kept-2222', _rdt_cid: '5001000000000000000' }
    expect(browserIdsFrom({ cookies }, undefined)).toEqual({
      ttclid: 'E.C.P.kept',
      sccid: 'kept-2222',
      rdtCid: '5001000000000000000',
    })
    const urls = ['https://shop.example/?ttclid=E.C.P.newer&ScCid=newer-3333&rdt_cid=x']
    expect(browserIdsFrom({ cookies, urls }, undefined)).toEqual({
      ttclid: 'E.C.P.newer',
      sccid: 'newer-3333',
      rdtCid: '5001000000000000000',
    })
  })

  it('of the visit’s first page were seen then, those of a page or a cookie now', () => {
    const earlier = '2026-11-21T01:00:00.000Z'
    const landing = { url: 'https://shop.example/?fbclid=IwAR2first&gclid=first', at: earlier }
    const ids = browserIdsFrom({ cookies: { _epik: 'kept' }, urls: ['/?gclid=second'], landing }, AT)
    expect(ids).toEqual({
      epik: 'kept',
      fbclid: 'IwAR2first',
      gclid: 'second',
      seenAt: { epik: AT, fbclid: earlier, gclid: AT },
    })
    const again = browserIdsFrom({ urls: ['/?gclid=first'], landing }, AT)
    expect(again?.seenAt).toEqual({ fbclid: earlier, gclid: earlier })
  })

  it('of a first page that names no moment, or one that lies ahead, were seen now', () => {
    for (const at of [undefined, '2026-11-21T02:06:43.000Z'])
      expect(browserIdsFrom({ landing: { url: '/?gclid=first', at } }, AT)?.seenAt).toEqual({ gclid: AT })
  })

  it('are decoded once, and their case is kept', () => {
    expect(browserIdsFrom({ urls: ['/?EPIK=dj0y%3D%2541'] }, undefined)).toEqual({ epik: 'dj0y=%41' })
    expect(browserIdsFrom({ urls: ['/?epik=broken%zz'] }, undefined)).toEqual({ epik: 'broken%zz' })
  })

  it('of a form that the platform never gives are not taken', () => {
    const cookies = {
      _fbp: 'fb.1.soon.1',
      _fbc: 'IwAR0',
      _ga: 'GA1.1',
      __kla_id: 'not base64 of JSON',
      _epik: 'with space',
      _ttp: 5,
    }
    expect(browserIdsFrom({ cookies, urls: ['/?gclid=<script>&gad_source=many'] }, AT)).toBeUndefined()
    expect(browserIdsFrom({ cookies: { _epik: 'x'.repeat(5000) } }, AT)).toBeUndefined()
  })

  it('of Google’s sessions are told per measurement id, in the form of 2023 and of 2025', () => {
    const cookies = { _ga_ABCDEF1234: 'GS1.1.1700000000.3.1.1700000100.0', _ga_ZYXWVU9876: 'GS2.1.s1760000000$o3$g1' }
    expect(browserIdsFrom({ cookies }, AT)?.gaSessions).toEqual({
      'G-ABCDEF1234': '1700000000',
      'G-ZYXWVU9876': '1760000000',
    })
  })

  it('of Google’s sessions are found in any order of the newer form’s parts', () => {
    const session = (value: string) =>
      browserIdsFrom({ cookies: { _ga_TEST123456: value } }, undefined)?.gaSessions?.['G-TEST123456']
    expect(session('GS1.1.1763812345.7.1.1763812999.60.0.0')).toBe('1763812345')
    expect(session('GS2.1.s1763812345$o7$g1$t1763812999$j60$l0$h0')).toBe('1763812345')
    expect(session('GS2.1.o7$g1$t1763812999$s1763812345')).toBe('1763812345')
    expect(session('GS2.1.s1763812345%24o7%24g1')).toBe('1763812345')
    expect(session('GS2.1.o7$g1$t1763812999')).toBeUndefined()
  })

  it('of Google’s clicks stand in cookies of the tag or of a tagging server, in either form', () => {
    const ids = (cookies: Record<string, string>) => browserIdsFrom({ cookies }, undefined)
    expect(ids({ _gcl_aw: 'GCL.1763812000.Cj0KCQiA_TEST_gclid-123' })).toEqual({ gclid: 'Cj0KCQiA_TEST_gclid-123' })
    expect(ids({ FPGCLAW: '2.1.kCj0KCQiA_TEST_gclid-123$i1763812000' })).toEqual({ gclid: 'Cj0KCQiA_TEST_gclid-123' })
    expect(ids({ _gcl_ag: '2.1.k0AAAAA_TEST_gbraid$i1763812000' })).toEqual({ gbraid: '0AAAAA_TEST_gbraid' })
    expect(ids({ FPGCLAG: '2.1.i1763812000$k0AAAAA_TEST_gbraid' })).toEqual({ gbraid: '0AAAAA_TEST_gbraid' })
    expect(ids({ _gcl_gb: 'GCL.1763812000.CjgKCA_TEST_wbraid' })).toEqual({ wbraid: 'CjgKCA_TEST_wbraid' })
    expect(ids({ FPGCLGB: '2.1.kCjgKCA_TEST_wbraid$i1763812000' })).toEqual({ wbraid: 'CjgKCA_TEST_wbraid' })
    expect(ids({ _gcl_aw: 'GCL.soon', FPGCLAW: '2.1.kCj0KCQiA_second$i1' })).toEqual({ gclid: 'Cj0KCQiA_second' })
    expect(ids({ _gcl_aw: 'GCL.1763812000.a b' })).toBeUndefined()
  })

  it('of Google’s browsers are the last two parts of their cookie', () => {
    for (const _ga of ['GA1.1.1234567890.1763800000', 'GA1.2-2.1234567890.1763800000'])
      expect(browserIdsFrom({ cookies: { _ga } }, undefined)).toEqual({ gaClientId: '1234567890.1763800000' })
  })

  it('of Klaviyo stand together in one cookie of base64', () => {
    const cookies = { __kla_id: btoa(JSON.stringify({ cid: 'MTIzNDU', $exchange_id: 'Zm9vYmFy.XyZ' })) }
    expect(browserIdsFrom({ cookies }, undefined)).toEqual({ klaCid: 'MTIzNDU', klaExchangeId: 'Zm9vYmFy.XyZ' })
  })

  it('of Criteo are the id of its browser sync and whether the shopper opted out there', () => {
    const cookies = { crto_mapped_user_id: 'k-EXAMPLEgumid_01', crto_is_user_optout: 'true' }
    expect(browserIdsFrom({ cookies }, undefined)).toEqual({ gum: 'k-EXAMPLEgumid_01', gumOptOut: 'true' })
    expect(browserIdsFrom({ cookies: { crto_is_user_optout: 'false' } }, undefined)).toEqual({ gumOptOut: 'false' })
    expect(browserIdsFrom({ cookies: { crto_is_user_optout: 'yes' } }, undefined)).toBeUndefined()
  })

  it('of Klaviyo tell whether the shopper switched its tracking off, also one whom no id names', () => {
    expect(browserIdsFrom({ cookies: { __kla_off: 'true' } }, AT)).toEqual({ klaOff: 'true', seenAt: { klaOff: AT } })
    expect(browserIdsFrom({ cookies: { __kla_off: 'false' } }, undefined)).toEqual({ klaOff: 'false' })
    expect(browserIdsFrom({ cookies: { __kla_off: '1' } }, undefined)).toBeUndefined()
  })

  it('that refuse are kept as long as an address may be known, and count wherever they were seen', () => {
    const refusing = BROWSER_IDS.filter(({ refusal }) => refusal !== undefined)
    expect(refusing.map(({ name, keep, refusal }) => [name, keep, refusal])).toEqual([
      ['gumOptOut', 390 * DAY, 'true'],
      ['klaOff', 390 * DAY, 'true'],
    ])
  })

  it('give back the click parameters of a URL in the platforms’ own spelling', () => {
    expect(clickParamsOf('/a?utm_source=x&sccid=1111&EPIK=dj0y%3D&epik=again')).toBe('?ScCid=1111&epik=dj0y%3D')
    expect(clickParamsOf('/a?utm_source=x')).toBe('')
    expect(clickParamsOf('/a')).toBe('')
  })

  it.each([
    ['https://shop.example/a?utm_source=x&gclid=1&page=2#top', 'https://shop.example/a?utm_source=x&page=2#top'],
    ['/a?gclid=1', '/a'],
    ['/a?gclid=1#top', '/a#top'],
    ['/a?gclid=1&fbclid=2&_kx=3&ScCid=4&EPIK=5', '/a'],
    ['/a?b=c&wbraid=1', '/a?b=c'],
    ['/a?gad_source=1&gad_campaignid=2&b', '/a?b'],
    ['/a#gclid=1', '/a'],
    ['/a?b=gclid=1&mygclid=2&gclid2=3', '/a?b=gclid=1&mygclid=2&gclid2=3'],
    ['/gclid=1?', '/gclid=1?'],
    ['', ''],
  ])('can be taken out of the URL %j, which is then %j', (url, without) => {
    expect(withoutClickParams(url)).toBe(without)
    expect(withoutClickParams(without)).toBe(without)
  })

  it('can all be taken out of a URL, in any spelling', () => {
    for (const { param } of BROWSER_IDS) {
      if (param === undefined) continue
      expect(isClickParam(param.toUpperCase())).toBe(true)
      expect(withoutClickParams(`/a?b=c&${param}=1&d=e`)).toBe('/a?b=c&d=e')
    }
    expect(isClickParam('utm_source')).toBe(false)
  })

  it('are read by the pixel from exactly the cookies that the list names', () => {
    expect(new Set(BROWSER_IDS.flatMap(({ cookie }) => cookie ?? []))).toEqual(new Set(BROWSER_ID_COOKIES))
  })
})
