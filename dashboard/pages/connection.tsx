import { Anchor, Button, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useNavigate, useOutletContext, useParams } from 'react-router'
import { type Settings, useConnection, useDestinations, useRemove, useSaveSettings } from '../api.ts'
import type { ShopContext } from '../app.tsx'
import { Sending, TestMode } from '../parts/connection-state.tsx'
import { CourseSections } from '../parts/course.tsx'
import { CustomPixel } from '../parts/custom-pixel.tsx'
import { DeadLetters } from '../parts/dead-letters.tsx'
import { Trouble, Waiting } from '../parts/empty.tsx'
import { FillIn } from '../parts/fill-in.tsx'
import { Section } from '../parts/section.tsx'
import { SendAgain } from '../parts/send-again.tsx'
import { SettingsForm } from '../parts/settings-form.tsx'
import { TaskList } from '../parts/task-list.tsx'
import { Told } from '../parts/told.tsx'
import { P } from '../texts/platform.ts'
import { T } from '../texts.ts'

/** All about one connection: whether it sends, what failed and is sent again, its settings, and its end. */
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
  const home = () => navigate(`/s/${shop}/platforms`)
  const save = {
    isPending: change.isPending,
    error: change.error,
    mutate: (settings: Settings) => change.mutate(settings),
  }
  return (
    <Stack>
      <Anchor component={Link} to={`/s/${shop}/platforms`} size="sm" w="fit-content">
        <Group gap={6}>
          <IconArrowLeft size={16} aria-hidden />
          {T.platforms}
        </Group>
      </Anchor>
      <Title order={1} size="h2">
        {destination.name}
        {account === null ? null : (
          <Text span display="block" c="dimmed" size="md" fw={400}>
            {T.accountNamed(account)}
          </Text>
        )}
      </Title>
      <CourseSections shop={shop} id={id} />
      <div className="halves">
        <Stack>
          <Sending shop={shop} connection={connection.data} />
          <DeadLetters shop={shop} id={id} />
          <TaskList shop={shop} id={id} />
          <SendAgain shop={shop} id={id} />
          <FillIn shop={shop} id={id} />
        </Stack>
        <Stack>
          <TestMode shop={shop} connection={connection.data} destination={destination} />
          <Section title={T.settings} help={P.rotate}>
            <SettingsForm
              // Drawn anew from what is stored, so that a secret that was typed is gone again.
              key={change.isSuccess ? change.submittedAt : 0}
              shop={shop}
              destination={destination}
              stored={connection.data}
              save={save}
              saveLabel={T.save}
              extra={change.isSuccess ? <Told state="delivered">{T.saved}</Told> : null}
            />
          </Section>
          {destination.hasTag ? <CustomPixel shop={shop} /> : null}
          <Removal shop={shop} id={id} name={[destination.name, account].filter(Boolean).join(' ')} removed={home} />
        </Stack>
      </div>
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
