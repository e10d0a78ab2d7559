import { writeFile } from 'node:fs/promises'
import { ASSETS, assetFile, assetText } from './build.ts'

for (const [name, source] of Object.entries(ASSETS)) await writeFile(assetFile(name), await assetText(source))
