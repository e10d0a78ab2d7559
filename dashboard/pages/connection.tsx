import { Anchor, Button, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useNavigate, useOutletContext, useParams } from 'react-router'
import { type Settings, useConnection, useDestinations, useRemove, useSaveSettings } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { Trouble, Waiting } from '../parts/empty.tsx'
import { SettingsForm } from '../parts/settings-form.tsx'
import { Told } from '../parts/told.tsx'
import { T } from '../texts.ts'

/** The settings of a connection, and its end. */
export const ConnectionPage = () => {
  const { shop } = useOutletContext<ShopContext>()
  const { id = '' } = useParams()
  const navigate = useNavigate()
  const connection = useConnection(shop, id)
  const destinations = useDestinations()
  const change = useSaveSettings(shop, id)
  if (connection.isError) return <Trouble error={connection.error} />
  if (destinations.isError) return <Trouble error={destinations.error} />
  const destination = destinations.data?.find((one) => one.slug === connection.data?.destination.slug)
  if (!connection.data || !destination) return <Waiting />
  const { account } = connection.data
  const home = () => navigate(`/s/${shop}`)
  const save = {
    isPending: change.isPending,
    error: change.error,
    mutate: (settings: Settings) => change.mutate(settings, { onSuccess: home }),
  }
  return (
    <Stack maw={640} mx="auto">
      <Title order={1} size="h2">
        {T.editTitle(destination.name)}
        {account === null ? null : (
          <Text span display="block" c="dimmed" size="md" fw={400}>
            {T.accountNamed(account)}
          </Text>
        )}
      </Title>
      <div className="card">
        <SettingsForm
          shop={shop}
          destination={destination}
          stored={connection.data}
          save={save}
          saveLabel={T.save}
          extra={
            <Anchor component={Link} to={`/s/${shop}`} size="sm">
              {T.cancel}
            </Anchor>
          }
        />
      </div>
      <Removal shop={shop} id={id} name={[destination.name, account].filter(Boolean).join(' ')} removed={home} />
    </Stack>
  )
}

const Removal = ({
  shop,
  id,
  name,
  removed,
}: {
  readonly shop: string
  readonly id: string
  readonly name: string
  readonly removed: () => void
}) => {
  const [asked, ask] = useDisclosure(false)
  const remove = useRemove(shop, id)
  return (
    <>
      <Button variant="subtle" color="red" w="fit-content" className="danger" onClick={ask.open}>
        {T.remove}
      </Button>
      <Modal
        opened={asked}
        onClose={ask.close}
        title={T.removeTitle(name)}
        closeButtonProps={{ 'aria-label': T.cancel }}
        centered
      >
        <Stack>
          <Text>{T.removeHelp}</Text>
          {remove.isError ? <Told state="dead">{remove.error.message}</Told> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={ask.close}>
              {T.cancel}
            </Button>
            <Button
              color="red.8"
              loading={remove.isPending}
              onClick={() => remove.mutate(undefined, { onSuccess: removed })}
            >
              {T.removeYes}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
