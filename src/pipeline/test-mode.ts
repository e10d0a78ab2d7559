import type { CommonSettings } from '../destinations/common-settings.ts'
import type { Destination } from '../destinations/destination.ts'
import { settingsSchema } from '../destinations/settings-schema.ts'
import { isObject, textAt } from '../lib/json.ts'

/** Test mode on or off; `code` is what some platforms give out for it. */
export interface TestSwitch {
  readonly on: boolean
  readonly code?: string
}

/** What switching test mode takes on a platform: nothing, or a text of this label. Undefined: it has none. */
export const testModeOf = (
  destination: Pick<Destination, 'testing' | 'settings'>,
): { readonly setting: string; readonly told: string; readonly code?: string } | undefined => {
  const { testing } = destination
  if (testing === undefined) return undefined
  const { setting, told } = testing
  const field = settingsSchema(destination.settings).fields[setting]
  return field?.type === 'boolean' ? { setting, told } : { setting, told, code: textAt(field, 'label') ?? setting }
}

/** A connection's settings with test mode switched, or why that cannot be. */
export const withTestMode = (
  destination: Destination,
  settings: unknown,
  { on, code }: TestSwitch,
): { readonly settings: CommonSettings } | { readonly refused: string } => {
  const mode = testModeOf(destination)
  if (mode === undefined) return { refused: `${destination.name} has no test mode.` }
  if (on && mode.code !== undefined && (code === undefined || code.trim() === ''))
    return { refused: `${destination.name} needs its “${mode.code}” for test mode. ${mode.told}` }
  const { [mode.setting]: _, ...rest } = isObject(settings) ? settings : {}
  const value = mode.code === undefined ? on : code
  const parsed = destination.settings.safeParse(on ? { ...rest, [mode.setting]: value } : rest)
  return parsed.success
    ? { settings: parsed.data }
    : { refused: parsed.error.issues[0]?.message ?? 'The settings of this connection no longer fit.' }
}
