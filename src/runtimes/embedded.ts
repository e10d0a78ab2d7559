import type { Config } from '../config.ts'
import type { Log } from '../lib/log.ts'
import { type Engine, PIPELINE, startEngine } from './engine.ts'

/** Some ten million settled outcomes, at most a sixteenth of the disk. */
const RESERVE = 64 * 1024 * 1024

/** The default runtime: one process, one data folder, real stores and real platforms. No sandbox code is loaded. */
export const startEmbedded = (config: Config, log: Log): Promise<Engine> =>
  startEngine({
    config,
    log,
    secrets: config.shopifySecrets,
    app: config.shopifyApp,
    trustedProxies: config.trustedProxies,
    pipeline: PIPELINE,
    reserveBytes: RESERVE,
  })
