import type { CommonSettings } from './common-settings.ts'
import type { Destination, Testing } from './destination.ts'

/** A destination with the settings of a connection to it. */
interface Connected {
  readonly destination: Pick<Destination, 'testing'>
  readonly settings: CommonSettings
}

/** How the platform is tried out, while a connection's settings say so; undefined while its events count. */
export const testingOf = ({ destination: { testing }, settings }: Connected): Testing | undefined => {
  if (testing === undefined) return undefined
  const named: Readonly<Record<string, unknown>> = settings
  const value = named[testing.setting]
  return value === true || (typeof value === 'string' && value !== '') ? testing : undefined
}
