import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { MINUTE } from '../lib/duration.ts'

/**
 * The dashboard's owner: one passphrase, kept as a scrypt hash in `owner.json` (0600) in the data folder. Whoever holds
 * the one-time link from the terminal becomes the owner.
 */
export interface Owners {
  exists(): boolean
  /** A new one-time token; the one before it dies. It dies after use, after 30 minutes, and with the process. */
  invite(now: number): string
  create(token: string, passphrase: string, now: number): Promise<'created' | 'bad_token' | 'exists'>
  matches(passphrase: string): Promise<boolean>
}

export const SHORTEST_PASSPHRASE = 12
/** Beyond this nobody types; the work per try stays bounded. */
export const LONGEST_PASSPHRASE = 200

const INVITATION = 30 * MINUTE

/** OWASP's setting for 32 MiB of memory per try. */
const COST = { N: 32_768, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const

const Record = z.object({
  version: z.literal(1),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  scrypt: z.string().regex(/^[0-9a-f]{64}$/),
})
type Record = z.infer<typeof Record>

/** Reads the owner of a data folder. Throws when the record is there but unreadable: a lock that fails stays closed. */
export const ownersIn = async (dataDir: string): Promise<Owners> => {
  const file = join(dataDir, 'owner.json')
  let record = await readRecord(file)
  let invitation: { readonly hash: Buffer; readonly until: number } | undefined

  const admits = (token: string, now: number): boolean =>
    record === undefined &&
    invitation !== undefined &&
    now < invitation.until &&
    timingSafeEqual(invitation.hash, sha256(token))

  return {
    exists: () => record !== undefined,
    invite: (now) => {
      const token = randomBytes(32).toString('base64url')
      invitation = { hash: sha256(token), until: now + INVITATION }
      return token
    },
    create: async (token, passphrase, now) => {
      if (record !== undefined) return 'exists'
      if (!admits(token, now)) return 'bad_token'
      invitation = undefined
      const salt = randomBytes(16)
      const made: Record = {
        version: 1,
        salt: salt.toString('hex'),
        scrypt: (await derive(passphrase, salt)).toString('hex'),
      }
      if (!(await writeOnce(file, dataDir, made))) {
        record = await readRecord(file)
        return 'exists'
      }
      record = made
      return 'created'
    },
    matches: async (passphrase) => {
      if (record === undefined) return false
      const known = Buffer.from(record.scrypt, 'hex')
      return timingSafeEqual(known, await derive(passphrase, Buffer.from(record.salt, 'hex')))
    },
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** NFKC, so that a passphrase typed on another keyboard or system gives the same bytes. */
const deriveNow = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })

let last: Promise<unknown> = Promise.resolve()

/** One at a time: many tries at once would take memory and every thread that capture's files need. */
const derive = (passphrase: string, salt: Buffer): Promise<Buffer> => {
  const next = last.then(() => deriveNow(passphrase, salt))
  last = next.catch(() => undefined)
  return next
}

const readRecord = async (file: string): Promise<Record | undefined> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    return Record.parse(JSON.parse(text))
  } catch {
    throw new Error(`${file} cannot be read. Restore it from a backup, or delete it to create the owner again.`)
  }
}

/** False when there was an owner already. A link instead of a rename: two processes cannot both become the owner. */
const writeOnce = async (file: string, dataDir: string, record: Record): Promise<boolean> => {
  await mkdir(dataDir, { recursive: true })
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600, flush: true })
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
