import { Anchor, Button, Center, Code, CopyButton, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Shops } from '../api.ts'
import { N } from '../texts/navigation.ts'
import { T } from '../texts.ts'

/** What stands where there is nothing yet: always the next step. */

export const Waiting = () => (
  <Center mih={240}>
    <Loader role="status" aria-label={T.loading} />
  </Center>
)

export const Trouble = ({ error, retry }: { readonly error: Error; readonly retry?: () => void }) => (
  <div className="card" role="alert">
    <Title order={1} size="h4">
      {T.failed}
    </Title>
    <Text mt={6}>{error.message}</Text>
    <Group mt="md">
      <Button variant="default" onClick={retry ?? (() => window.location.reload())}>
        {T.retry}
      </Button>
      <Anchor component={Link} to="/" size="sm">
        {T.goHome}
      </Anchor>
    </Group>
  </div>
)

/** This page's code is of another version than the server's. */
export const Renewed = () => (
  <Invitation title={N.renewed} help={N.renewedHelp} order={1}>
    <Button onClick={() => window.location.reload()}>{N.reload}</Button>
  </Invitation>
)

export const Nothing = () => (
  <Invitation title={T.nothingHere} order={1}>
    <Anchor component={Link} to="/">
      {T.goHome}
    </Anchor>
  </Invitation>
)

export const Invitation = ({
  title,
  help,
  order = 2,
  children,
}: {
  readonly title: string
  /** 1 where it is all that the page has. */
  readonly order?: 1 | 2
  readonly help?: string
  readonly children?: ReactNode
}) => (
  <div className="card">
    <Stack align="center" gap="xs" py={{ base: 12, sm: 28 }} ta="center">
      <Title order={order} size="h3">
        {title}
      </Title>
      {help ? (
        <Text c="dimmed" maw={520}>
          {help}
        </Text>
      ) : null}
      <Group mt="sm" justify="center">
        {children}
      </Group>
    </Stack>
  </div>
)

export const NoShop = ({ capture }: { readonly capture: Shops['capture'] }) => (
  <Invitation title={T.noShop} help={T.noShopHelp}>
    <Addresses capture={capture} />
  </Invitation>
)

export const NoConnection = ({ shop }: { readonly shop: string }) => (
  <Invitation title={T.noConnection} help={T.noConnectionHelp}>
    <Button component={Link} to={`/s/${shop}/connect`}>
      {T.connectAnother}
    </Button>
  </Invitation>
)

export const NoEvents = ({ setup }: { readonly setup: Shops }) => (
  <Invitation title={T.noEvents} help={setup.demo ? T.noEventsDemo : T.noEventsHelp}>
    {setup.demo ? (
      <Button
        component="a"
        href={setup.demo.store}
        target="_blank"
        rel="noreferrer"
        rightSection={<IconExternalLink size={16} aria-label={T.newTab} />}
      >
        {T.openDemo}
      </Button>
    ) : (
      <Addresses capture={setup.capture} />
    )}
  </Invitation>
)

/** Where a shop sends its messages. */
export const Addresses = ({ capture }: { readonly capture: Shops['capture'] }) => (
  <Stack gap="xs" align="stretch" ta="left" w="100%">
    <Address name={T.webhooks} url={capture.webhooks} />
    <Address name={T.beacon} url={capture.beacon} />
  </Stack>
)

const Address = ({ name, url }: { readonly name: string; readonly url: string }) => (
  <Group gap="sm">
    <Text size="sm" fw={600} w={100}>
      {name}
    </Text>
    <Code fz="sm">{url}</Code>
    <CopyButton value={url}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy} aria-label={`${T.copy}: ${name}`}>
          {copied ? T.copied : T.copy}
        </Button>
      )}
    </CopyButton>
  </Group>
)
