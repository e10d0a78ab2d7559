import { useInstallation } from '../api.ts'
import { Told } from './told.tsx'

/** What is wrong with the app's place in the store, above every page: it concerns all of them. */
export const InstallationTroubles = ({ shop }: { readonly shop: string }) => {
  const installation = useInstallation(shop)
  return installation.data?.troubles.map((trouble) => (
    <Told key={trouble} state="waiting">
      {trouble}
    </Told>
  ))
}
