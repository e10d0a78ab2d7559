import { Button, CopyButton, Stack, Text } from '@mantine/core'
import { useCustomPixel, useDestinations } from '../api.ts'
import { TAGS } from '../texts/tags.ts'
import { Section } from './section.tsx'
import { Told } from './told.tsx'

/** Offers the shop's custom pixel to copy: the platforms' tags in the checkout, where no theme reaches. */
export const CustomPixel = ({ shop }: { readonly shop: string }) => {
  const pixel = useCustomPixel(shop)
  const destinations = useDestinations()
  const nameOf = (slug: string) => destinations.data?.find((one) => one.slug === slug)?.name ?? slug
  return (
    <Section title={TAGS.title} help={TAGS.help}>
      <Stack gap="sm">
        {pixel.data ? (
          <>
            <Text size="sm">{pixel.data.fires.length > 0 ? TAGS.fires(pixel.data.fires.map(nameOf)) : TAGS.none}</Text>
            {pixel.data.leftOut.map(({ destination, why }) => (
              <Text size="sm" key={destination}>
                {TAGS.without(nameOf(destination), why)}
              </Text>
            ))}
            {pixel.data.fires.length > 0 ? (
              <>
                <Text size="sm">{TAGS.steps}</Text>
                <Text size="sm">{TAGS.switchOff}</Text>
                <CopyButton value={pixel.data.text} timeout={2000}>
                  {({ copied, copy }) => (
                    <Button variant="default" w="fit-content" onClick={copy}>
                      {copied ? TAGS.copied : TAGS.copy}
                    </Button>
                  )}
                </CopyButton>
              </>
            ) : null}
          </>
        ) : (
          <Button variant="default" w="fit-content" loading={pixel.isPending} onClick={() => pixel.mutate()}>
            {TAGS.make}
          </Button>
        )}
        {pixel.isError ? <Told state="dead">{pixel.error.message}</Told> : null}
      </Stack>
    </Section>
  )
}
