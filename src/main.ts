import { enableCompileCache } from 'node:module'

if (!process.versions.node.startsWith('26.')) {
  process.stderr.write(
    `Converlay needs Node 26 and this is ${process.version}. In a checkout, run "npm ci" and then bin/converlay, which brings its own.\n`,
  )
  process.exit(2)
}

// Compiled code is kept between starts; everything else is loaded after this line, or it would not profit.
enableCompileCache()
const { run } = await import('./cli/program.ts')
await run(process.argv)
