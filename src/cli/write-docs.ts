/** `npm run docs`: writes the pages that are made out of the code. */
import { writeFileSync } from 'node:fs'
import { destinations } from '../destinations/all.ts'
import { DESTINATIONS_PAGE, destinationsPage } from './destinations-page.ts'

writeFileSync(
  new URL(`../../${DESTINATIONS_PAGE}`, import.meta.url),
  `${destinationsPage([...destinations.values()])}\n`,
)
