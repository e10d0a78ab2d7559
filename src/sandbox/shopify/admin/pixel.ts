import type { Accounts, PixelRecord } from '../accounts.ts'

/** The fields that our pixel's toml declares; Shopify takes exactly these. */
const DECLARED = ['beaconUrl']

const node = ({ id, settings }: PixelRecord) => ({ __typename: 'WebPixel', id, settings, status: 'CONNECTED' })

const payload = (type: string, pixel: PixelRecord | undefined, error?: { code: string; message: string }) => ({
  __typename: type,
  webPixel: pixel ? node(pixel) : null,
  userErrors: error ? [{ __typename: 'ErrorsWebPixelUserError', field: ['webPixel'], ...error }] : [],
})

const settingsFault = (settings: string): { code: string; message: string } | undefined => {
  let parsed: unknown
  try {
    parsed = JSON.parse(settings)
  } catch {
    return { code: 'INVALID_CONFIGURATION_JSON', message: 'Settings must be valid JSON.' }
  }
  const values = typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {}
  const fits =
    Object.keys(values).every((name) => DECLARED.includes(name)) &&
    DECLARED.every((name) => typeof values[name] === 'string' && String(values[name]).length >= 10)
  return fits ? undefined : { code: 'INVALID_SETTINGS', message: 'Settings do not match the definition.' }
}

const TAKEN = { code: 'TAKEN', message: 'Web pixel is already taken.' }
const NOT_FOUND = { code: 'NOT_FOUND', message: 'Web pixel not found.' }

interface Input {
  readonly webPixel: { readonly settings: string }
}

/** Root fields of the Admin API about the app's pixel and what a store allows the app. */
export const pixelRoots = (accounts: Accounts) => (shop: string) => {
  const pixel = () => accounts.installation(shop)?.pixel
  const mayWrite = () => accounts.installation(shop)?.scopes.includes('write_pixels') ?? false
  const denied = { code: 'UNEXPECTED_ERROR', message: 'Access denied: write_pixels is required.' }
  return {
    query: {
      webPixel: () => {
        const known = pixel()
        return known ? node(known) : null
      },
      currentAppInstallation: () => ({
        __typename: 'AppInstallation',
        accessScopes: (accounts.installation(shop)?.scopes ?? []).map((handle) => ({
          __typename: 'AccessScope',
          handle,
        })),
      }),
    },
    mutation: {
      webPixelCreate: ({ webPixel: { settings } }: Input) => {
        const error = mayWrite() ? (pixel() ? TAKEN : settingsFault(settings)) : denied
        return payload('WebPixelCreatePayload', error ? undefined : accounts.savePixel(shop, settings), error)
      },
      webPixelUpdate: ({ id, webPixel: { settings } }: Input & { readonly id: string }) => {
        const error = mayWrite() ? (pixel()?.id === id ? settingsFault(settings) : NOT_FOUND) : denied
        return payload('WebPixelUpdatePayload', error ? undefined : accounts.savePixel(shop, settings), error)
      },
    },
  }
}
