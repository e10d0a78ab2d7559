import { createHmac, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Shop } from '../../event/event.ts'
import { deriveKey } from '../../lib/seal.ts'
import { bareSubject } from '../subject-names.ts'

/**
 * What was erased, kept outside of the database, so that a backup from before an erasure does not bring anybody back:
 * blind indexes under the master key, which name nobody. The database notes the ids of what was applied to it; whoever
 * restores it applies the others.
 */
export interface Tombstone {
  /** Of one erasure, however many names it found. */
  readonly id: string
  /** ms since 1970. */
  readonly at: number
  /** A shop's subject, as a blind index. */
  readonly who: string
}

/** Stand for all of a shop, and for what came before it was installed again. No person's name begins like that. */
export const ALL_OF_SHOP = '\nall'
export const PAST_OF_SHOP = '\npast'

/** The file in a data folder, and beside backups. */
export const TOMBSTONES = 'tombstones.jsonl'

/** Names a shop's subject without telling who it is; however the subject is spelled. */
export const blindNames = (masterKey: Uint8Array): ((shop: Shop, subject: string) => string) => {
  const key = deriveKey(masterKey, new Uint8Array(0), 'tombstones')
  return (shop, subject) =>
    createHmac('sha256', key)
      .update(`${shop}\n${bareSubject(subject)}`)
      .digest('hex')
      .slice(0, 32)
}

export interface Graveyard {
  /** Notes an erasure durably, before anything of it is done; its id. */
  bury(shop: Shop, people: readonly string[]): string
}

export const graveyardIn = (folder: string, masterKey: Uint8Array): Graveyard => {
  const nameOf = blindNames(masterKey)
  return {
    bury(shop, people) {
      const id = randomBytes(8).toString('hex')
      const at = Date.now()
      append(
        join(folder, TOMBSTONES),
        people.map((person) => lineOf({ id, at, who: nameOf(shop, person) })),
      )
      return id
    },
  }
}

const append = (path: string, lines: readonly string[]): void => {
  const file = openSync(path, 'a', 0o600)
  try {
    // Behind what a crash or a full disk left half written, nothing would be read as a line.
    // All of them or an error: a full disk writes as much as fits and says how much that was.
    const text = Buffer.from(`\n${lines.join('')}`)
    for (let written = 0; written < text.length; ) written += writeSync(file, text, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

const lineOf = (tombstone: Tombstone): string => `${JSON.stringify(tombstone)}\n`

/** The tombstones of several folders, each once. */
export const readTombstones = (folders: readonly string[]): readonly Tombstone[] =>
  tombstonesIn(
    folders.flatMap((folder) => {
      const file = join(folder, TOMBSTONES)
      return existsSync(file) ? [readFileSync(file, 'utf8')] : []
    }),
  )

/** Those of several texts, each once. A line that a crash left half written stands for nothing. */
export const tombstonesIn = (texts: readonly string[]): readonly Tombstone[] => {
  const found = new Map<string, Tombstone>()
  for (const text of texts) {
    for (const line of text.split('\n')) {
      const told = /^\{"id":"([0-9a-f]{16})","at":(\d+),"who":"([0-9a-f]{32})"\}$/.exec(line)
      if (told) found.set(line, { id: told[1] ?? '', at: Number(told[2]), who: told[3] ?? '' })
    }
  }
  return [...found.values()]
}

export const tombstoneLines = (tombstones: readonly Tombstone[]): string => tombstones.map(lineOf).join('')
