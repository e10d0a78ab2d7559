import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { newKey } from '../../lib/seal.ts'
import { describeStore } from '../conformance.ts'
import { openSqlite } from './sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'converlay-'))
afterAll(() => rmSync(folder, { recursive: true }))

describeStore('sqlite', () => openSqlite({ path: mkdtempSync(join(folder, 'data-')), masterKey: newKey() }))
