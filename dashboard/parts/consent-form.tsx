import { Button, Group, MultiSelect, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { type ConsentChoice, type ConsentView, useChooseConsent } from '../api.ts'
import { moment } from '../format.ts'
import { COUNTRIES, regionName } from '../regions.ts'
import { C } from '../texts/consent.ts'
import { Told } from './told.tsx'

type Mode = ConsentChoice['mode']

const MODES = Object.keys(C.modes) as readonly Mode[]

/** What the shop does where a shopper's answer is not known. */
export const ConsentForm = ({ shop, consent }: { readonly shop: string; readonly consent: ConsentView }) => {
  const { choice, shopify, usual } = consent
  const [mode, setMode] = useState<Mode>(choice.mode)
  const [regions, setRegions] = useState<readonly string[]>(choice.regions)
  const save = useChooseConsent(shop)
  const help: Readonly<Record<Mode, string>> = {
    ...C.modeHelp,
    shopify: shopify ? C.modeHelp.shopify(shopify.requiredIn.length, moment(shopify.at)) : C.modeHelp.shopifyUnknown,
  }
  // Parts of countries are not in the list of countries; those that are chosen stay choosable.
  const parts = regions.filter((code) => code.includes('-')).map((value) => ({ value, label: regionName(value) }))
  return (
    <form
      onSubmit={(submit) => {
        submit.preventDefault()
        save.mutate({ mode, regions: [...regions] })
      }}
    >
      <Stack gap="md">
        <Radio.Group
          value={mode}
          onChange={(value) => {
            save.reset()
            setMode(MODES.find((one) => one === value) ?? mode)
          }}
          aria-label={C.policy}
        >
          <Stack gap="sm">
            {MODES.map((one) => (
              <Radio key={one} value={one} label={C.modes[one]} description={help[one]} />
            ))}
          </Stack>
        </Radio.Group>
        {mode === 'listed' ? (
          <>
            <MultiSelect
              label={C.regions}
              description={C.regionsHelp}
              data={[...COUNTRIES, ...parts]}
              value={[...regions]}
              onChange={(chosen) => {
                save.reset()
                setRegions(chosen)
              }}
              searchable
              clearable
            />
            <Group>
              <Button variant="default" onClick={() => setRegions(usual)}>
                {C.usual}
              </Button>
            </Group>
          </>
        ) : null}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {C.save}
          </Button>
        </Group>
        {save.isSuccess ? <Told state="delivered">{C.saved}</Told> : null}
        {save.error ? <Told state="dead">{save.error.message}</Told> : null}
      </Stack>
    </form>
  )
}
